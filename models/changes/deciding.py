"""What all requests for a change share: their states, what a decision asks, and who and when."""
from models.workflow import Ask

STATES = {"submitted": ("待审", "wait"), "approved": ("已同意", "ok"), "refused": ("未同意", "bad"), "withdrawn": ("已撤回", "off")}
OPINION = (Ask("opinion", "审核意见"),)
WHY = (Ask("reason", "不同意的理由", help="本人可见"),)


def decided(row, act):
    """Keep who decided, when, and what he said."""
    row.decided_by, row.decided_on, row.opinion = act.by, act.at.date(), act.reason
