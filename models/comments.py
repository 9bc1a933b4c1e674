"""Stages 2 to 10: what clerk and reviewer of a unit say to each other about a case. It stays in the unit; neither the applicant nor anybody above reads it."""
from peewee import DateTimeField, ForeignKeyField, TextField

from models import clock
from models.applications import Application
from models.base import writing
from models.outbox import tell
from models.people import User, holders
from models.reference import Institution
from models.workflow import GONE, Reason, Record, Refused

TALKING = ("clerk", "reviewer")
LONGEST = 1000


class Comment(Record):
    """One thing that was said; it is never changed, and goes with the case when that is dismissed."""
    label, readers, cleared_with_case = "往来留言", " ".join(TALKING), True

    application = ForeignKeyField(Application, backref="comments", on_delete="RESTRICT", verbose_name="申请")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    text = TextField(verbose_name="内容")
    said_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="留言人")
    said_at = DateTimeField(default=clock.now, verbose_name="时间")

    def __str__(self):
        return f"{self.application} 的留言"

    def faults(self):
        length = len(self.text or "")
        return {"text": f"留言太长：要求不超过 {LONGEST} 字，实际 {length} 字，差 {length - LONGEST} 字"} if length > LONGEST else {}


def say(case, text, by):
    """Say something about a case that one sees, and tell those whom it concerns, without the words: whoever keeps the notices reads no case. Refused for who does not talk here and for a case that is cleared."""
    if not set(TALKING) & {role for role, _ in by.powers()}:
        raise Refused([Reason("您的角色不能留言", "经办、审核")])
    if Application.seen(by, case.id) is None or case.institution_id != by.institution_id:
        raise Refused([GONE])
    if case.state == "dismissed":
        raise Refused([Reason("已清退的申请不能再留言", "没有清退", case.state_label)])
    with writing():
        row = Comment.add(by, application=case, institution=case.institution_id, text=(text or "").strip(), said_by=by)
        tell(concerned(case, by), "Comment.said", f"往来留言：{case.person}", f"{by}在{case}的申请上留言，请到申请页查看。", f"comment.{row.id}.said")
    return row


def concerned(case, by):
    """Those of the unit who have had the case in hands or have talked about it, but for the speaker; else those of the other role."""
    met = {user for user, in Comment.select(Comment.said_by).where(Comment.application == case.id).tuples()}
    met |= {case.reviewer_id, *(row.confirmed_by_id for row in case.confirmations)}
    found = [user for user in holders(TALKING, case.college_id, institution=case.institution_id) if user.id in met - {by.id}]
    if found:
        return found
    mine = {role for role, _ in by.powers()} & set(TALKING)
    others = [role for role in TALKING if role not in mine] or TALKING
    return [user for user in holders(others, case.college_id, institution=case.institution_id) if user.id != by.id]
