"""Stage 1 in the office: programmes with the way to their training plan."""
from backoffice.grid import Grid


class ProgrammeGrid(Grid):
    """A programme's page names its training plan, or the way to make one."""
    details_template = "office/programme.html"

    def details_extra(self, row):
        plan = row.latest_plan
        return {"plan": plan, "courses": list(plan.courses) if plan else [], "total": row.plan_credits()}
