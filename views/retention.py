"""What is kept for a time only, in the office: the reports of the sweeps, and the rehearsal that security orders."""
from flask import abort, flash, redirect, url_for
from flask_admin import expose

from backoffice.grid import Grid
from tasks import retention


class RetentionGrid(Grid):
    """The reports, with the rules and what would go now."""
    list_template = "office/retention.html"

    @expose("/rehearse/", methods=("POST",))
    def rehearse(self):
        """Count what a sweep would take away now."""
        if "security" not in self.user.role_names:
            abort(403)
        reports = retention.rehearse(self.user)
        flash(f"现在到期 {sum(report.due for report in reports):,} 项，七天内还有 {sum(report.coming for report in reports):,} 项。没有清除任何数据。", "ok")
        return redirect(url_for(".index"))
