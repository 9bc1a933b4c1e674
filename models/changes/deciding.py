"""What all requests for a change share: their states, what a decision asks, and who and when."""
from models.workflow import Ask, Reason

STATES = {"submitted": ("待审", "wait"), "approved": ("已同意", "ok"), "refused": ("未同意", "bad"), "withdrawn": ("已撤回", "off")}
OPINION = (Ask("opinion", "审核意见"),)
WHY = (Ask("reason", "不同意的理由", help="本人可见"),)


def decided(row, act):
    """Keep who decided, when, and what he said."""
    row.decided_by, row.decided_on, row.opinion = act.by, act.at.date(), act.reason


class AboutCase:
    """A request about one case of the register: its unit follows from the case, and it is changed until it is decided."""

    @classmethod
    def add(cls, by, reason="", **values):
        """Ask for it."""
        row = cls(**values)
        return super().add(by, reason, **(values | ({"institution": row.application.institution_id} if row.application_id else {})))

    def locks(self):
        return [] if self.state == "submitted" else [Reason("已经决定，不能再改", "待审", self.state_label)]

    def applicants(self):
        return self.application.applicants()
