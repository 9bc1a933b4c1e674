"""Stages 5 and 6: the score that is put in the place of a published one which was doubted."""
from decimal import Decimal, InvalidOperation

from models.workflow import Reason


def number(text):
    """A score as it was typed, or None."""
    try:
        return Decimal(str(text)).quantize(Decimal("0.1"))
    except InvalidOperation:
        return None


def not_another(result, given):
    """The Reason why a score as it was typed cannot take the place of that of a result, or None; nothing typed is for the step to ask about."""
    if given in (None, ""):
        return None
    score = number(given)
    if score is None or not 0 <= score <= 100:
        return Reason("更正后的成绩不对", "0 到 100", str(given))
    return Reason("更正后的成绩与原成绩相同；成绩无误请选“维持原成绩”", f"不等于 {result.score}", str(given)) if score == result.score else None
