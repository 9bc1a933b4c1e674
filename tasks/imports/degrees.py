"""Stage 9: outcomes of defences. They are recorded by the step that records them one by one; a degree is never imported."""
from models.applications import Application
from models.defences import Defence
from tasks.imports.courses import OF_A_CASE
from tasks.imports.description import Column, Import, Look, Part
from tasks.imports.looking import by
from tasks.imports.readers import Choice

STEPS = {"passed": "record_pass", "failed": "record_failure"}


def outcome(line, row):
    """The step that records the outcome, unless it is recorded already."""
    said = line.get("outcome")
    return (STEPS[said], {"reason": line.get("reason")}) if said is not None and row.state != said else None


DEFENCES = Import(
    name="defence", title="答辩结果", screen="defence", roles=("clerk",),
    help="一行是一个人的一次答辩。通过须先登记论文、评阅人和答辩委员；是否合乎规定逐行判断。",
    columns=(
        Column("registered_no", "注册号", required=True, sample="10001-2026-00012", width=22),
        Column("attempt", fills=Defence.attempt, sample="1", help="空 = 第 1 次"), Column("held_on", fills=Defence.held_on, sample="2026-06-01"),
        Column("place", fills=Defence.place, sample="二教 301"), Column("grade", fills=Defence.grade, sample="良好"),
        Column("votes_for", fills=Defence.votes_for, sample="5"), Column("votes_against", fills=Defence.votes_against, sample="0"),
        Column("votes_abstain", fills=Defence.votes_abstain, sample="0"),
        Column("outcome", "结果", sample="通过", help="空 = 只登记安排", reader=Choice(None, (("passed", "通过"), ("failed", "未通过")))),
        Column("reason", "说明", sample="", help="未通过时必填", width=24)),
    looks=(Look("case", "registered_no", lambda line: line.get("registered_no"), by(Application.register_number, *OF_A_CASE),
                "没有注册号为“{}”的人，或不在您的范围内"),),
    parts=(Part(Defence, key=("application", "attempt"), links={"application": "case"},
                given=lambda line, user: {"institution": line.found["case"].institution_id}),),
    step=outcome)
