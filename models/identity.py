"""Names and document numbers: how they are normalised, what makes them valid, what follows from them. Words: domain, stage 2."""
import datetime as dt
import re
import unicodedata

from models import clock

RESIDENT_CARD = "01"
RESIDENCE_PERMITS = {"07": ("81", "82"), "08": ("83",)}    # 18 digits like a resident card, area 81/82 Hong Kong and Macau, 83 Taiwan
PASSPORT = re.compile(r"[A-Z0-9-]{5,20}")


def normal_document(number):
    """NFKC, no blanks, upper case; a 15-digit resident number becomes its 18-digit form."""
    text = "".join(unicodedata.normalize("NFKC", number or "").split()).upper()
    if re.fullmatch(r"[0-9]{15}", text):
        text = text[:6] + "19" + text[6:]
        text += _check_digit(text)
    return text


def _check_digit(text):
    from stdnum.iso7064.mod_11_2 import calc_check_digit
    return calc_check_digit(text)


def normal_name(name):
    """NFC with single inner blanks; every kind of middle dot between the parts of a name becomes U+00B7."""
    text = " ".join(unicodedata.normalize("NFC", name or "").split())
    return re.sub(r"\s*[\u00b7\u2022\u2027\u22c5\u30fb\uff65\u2219\u16eb\uff0e]\s*", "\u00b7", text)


def document_faults(kind, number):
    """{'document_number': sentence} for a number that cannot be right, else {}. The area code is no reason: abolished ones are on real cards."""
    text = normal_document(number)
    if not text:
        return {"document_number": "请填写证件号"}
    if kind != RESIDENT_CARD and kind not in RESIDENCE_PERMITS:
        return {} if PASSPORT.fullmatch(text) else {"document_number": "证件号：要求 5 到 20 位字母或数字"}
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return {"document_number": f"证件号：要求 15 位数字，或 17 位数字加一位数字或 X，实际 {len(text)} 位"}
    if kind in RESIDENCE_PERMITS and text[:2] not in RESIDENCE_PERMITS[kind]:
        return {"document_number": f"居住证号码：要求以 {'、'.join(RESIDENCE_PERMITS[kind])} 开头，实际以 {text[:2]} 开头"}
    born = birth_date(text)
    if born is None:
        return {"document_number": f"证件号第 7 到 14 位 {text[6:14]} 不是真实的日期"}
    if born > clock.today():
        return {"document_number": f"证件号中的出生日期 {born} 晚于今天"}
    expected = _check_digit(text[:17])
    if text[17] != expected:
        return {"document_number": f"证件号的校验位不对：按前 17 位应为 {expected}，实际为 {text[17]}，请逐位核对"}
    return {}


def birth_date(number):
    """Date of birth in an 18-digit number, or None."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def facts_of(kind, number):
    """{'sex': code, 'birth_date': date} that follow from a resident number or residence permit; {} from any other document."""
    text = normal_document(number)
    if (kind == RESIDENT_CARD or kind in RESIDENCE_PERMITS) and not document_faults(kind, text):
        return {"sex": "1" if int(text[16]) % 2 else "2", "birth_date": birth_date(text)}
    return {}


def normal_phone(number):
    """A number that exists as it is kept: 11 digits on the mainland, +852... and the like elsewhere; '' for any other text."""
    import phonenumbers
    try:
        found = phonenumbers.parse(unicodedata.normalize("NFKC", number or ""), "CN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(found):
        return ""
    return str(found.national_number) if found.country_code == 86 else phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def suggest_pinyin(name):
    """Pinyin in capitals as a suggestion: surname by the surname table, the rest by the library; the person may correct it. Empty when a
    character has no reading there: half a name would pass for a whole one."""
    from pypinyin import lazy_pinyin       # loads 10 MB of tables: only the form that suggests pays for it

    from models.reference import rows_of
    text = normal_name(name)
    if text.isascii():
        return text.upper()
    if "\u00b7" in text:
        return _known(" ".join("".join(lazy_pinyin(part)) for part in text.split("\u00b7")))
    surnames = {row["surname"]: row["pinyin"].replace(" ", "") for row in rows_of("surname_pinyin")}
    length = next((n for n in (2, 1) if text[:n] in surnames and len(text) > n), 1)
    surname = surnames.get(text[:length]) or "".join(lazy_pinyin(text[:length]))
    return _known(f"{surname} {''.join(lazy_pinyin(text[length:]))}".strip())


def _known(reading):
    """A reading in capitals; nothing when a Chinese character came back as it was."""
    return "" if any(c > "\u2e80" for c in reading) else reading.upper()


def masked(number):
    """A number with its middle hidden: 110105********002X, 138****8000."""
    text = number or ""
    return text[:6] + "*" * 8 + text[-4:] if len(text) == 18 else text[:3] + "*" * max(2, len(text) - 7) + text[-4:] if len(text) > 7 else "****"
