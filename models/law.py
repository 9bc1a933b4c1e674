"""The table of law as it stands in the Steps: for each stage who does what, from which state to which, and what stands against it."""
from models.registry import ENTITIES
from models.roles import STAGES

HEAD = ("对象", "步骤", "名称", "谁", "从", "到", "不能办理的情形")


def table():
    """[(stage number, name, rows under HEAD)] in the order of the stages; 0, last, holds what belongs to none."""
    rows = {number: [] for number in (*range(1, len(STAGES)), 0)}
    for kind in ENTITIES.values():
        for step in getattr(kind, "steps", {}).values():
            rows[kind.stage if step.stage is None else step.stage].append(_row(kind, step))
    return [(number, STAGES[number] or "各阶段通用", found) for number, found in rows.items()]


def _row(kind, step):
    who = "随其他步骤" if step.inner else step.who()
    against = "；".join((guard.__doc__ or guard.__name__).strip() for guard in step.unless)
    return (kind.label, f"{kind.__name__}.{step.name}", step.label, who, "、".join(kind.STATES[state][0] for state in step.sources),
            kind.STATES[step.target][0], against or "—")
