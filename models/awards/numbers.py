"""Stage 9: the number of a degree certificate - 16 digits = unit(5) 3 year(4) serial(6), prefix T before 2016-01-01."""
import datetime as dt
import re

from models.workflow import Reason

T_BEFORE = dt.date(2016, 1, 1)      # awards dated before this day carry the prefix T


def typed_number(text):
    """A number as somebody typed it, in the one spelling."""
    return (text or "").strip().upper()


def prefix(unit_code, awarded_on):
    """What all numbers of a unit and year begin with."""
    return f"{'T' if awarded_on < T_BEFORE else ''}{unit_code}3{awarded_on.year}"


def certificate_faults(number, unit_code, awarded_on):
    """Reasons why a certificate number cannot be right."""
    found, digits = [], number.removeprefix("T")
    if not re.fullmatch(r"T?[0-9]{16}", number):
        return [Reason("证书编号的格式不对", "16 位数字（2016 年以前授予的前加 T）", number)]
    if number.startswith("T") != (awarded_on < T_BEFORE):
        found.append(Reason("证书编号的前缀不对", "2016-01-01 前授予的以 T 开头" if awarded_on < T_BEFORE else "2016-01-01 起授予的不加 T", number))
    if digits[:5] != unit_code:
        found.append(Reason("证书编号第 1—5 位是单位代码", unit_code, digits[:5]))
    if digits[5] != "3":
        found.append(Reason("证书编号第 6 位是学位级别", "3（硕士）", digits[5]))
    if digits[6:10] != str(awarded_on.year):
        found.append(Reason("证书编号第 7—10 位是授予年份", str(awarded_on.year), digits[6:10]))
    return found
