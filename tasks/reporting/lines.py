"""Stage 10: the lines of a report for its files, some at a time - those of the platform and the legacy records of its annual report together, by
certificate number. Each is checked against its digest on the way, and numbers are hidden from whoever may not have them in full."""
from dataclasses import dataclass
from heapq import merge

from models.bulk import among
from models.files import File
from models.identity import masked
from models.legacy import LegacyRecord
from models.parameters import value
from models.reports import AnnualReport, ReportLine
from models.workflow import Reason, Refused

CHUNK = 500
NUMBERED = ("ZJHM", "ZP")           # fields in which a document number stands; photos are named by it


@dataclass(frozen=True)
class Told:
    """One line as the files tell it. `number` is its place in them; `version` that of the report since which it stands, and `award` the id of its award,
    None for a legacy record."""
    number: int
    version: int | None
    values: dict
    names: dict
    digest: str
    intact: bool
    photo: File | None
    award: int | None = None


def shows_numbers(user):
    """Whether document numbers go to this user in full; the roles are a parameter, of the nation or of a unit."""
    return bool(set(value("report.full_roles", institution=user.institution_id)) & {role for role, _ in user.powers()})


def legacy_of(report):
    """Query over the legacy records that count in the annual report beside this report."""
    return LegacyRecord.select().join(AnnualReport).where(AnnualReport.report == report.id, LegacyRecord.state == "entered")


def count_of(report):
    """How many lines the files of a report have."""
    return report.line_count + legacy_of(report).count()


def places(report):
    """[(kind, id)] of the lines as they stand now, by certificate number."""
    lines = report.current_lines().select(ReportLine.certificate_number, ReportLine.id).tuples()
    legacy = legacy_of(report).select(LegacyRecord.certificate_number, LegacyRecord.id).order_by(LegacyRecord.certificate_number).tuples()
    found = merge(((number, ReportLine, id) for number, id in lines), ((number, LegacyRecord, id) for number, id in legacy), key=lambda item: item[0])
    return [(kind, id) for _, kind, id in found]


def told(numbered):
    """[Told] of some (number, place) in their order. Refused when one is not what was frozen."""
    rows, found = {}, [place for _, place in numbered]
    for kind in (ReportLine, LegacyRecord):
        ids = [id for of, id in found if of is kind]
        if ids:
            rows |= {(kind, row.id): row for row in kind.select(kind, File).left_outer_join(File, on=kind.photo).where(among((kind.id,), ids))}
    lines = [Told(number, getattr(row, "version", None), row.values, row.names, row.digest, row.intact, row.photo, row.__data__.get("award"))
             for number, row in ((number, rows[place]) for number, place in numbered)]
    broken = [str(line.number) for line in lines if not line.intact]
    if broken:
        raise Refused([Reason(f"第 {'、'.join(broken[:10])} 行与提交时的摘要不符，不能导出，请立即报告学位中心")])
    return lines


def batches(report, size=CHUNK):
    """[Told] after [Told]. Which lines they are is settled at the beginning."""
    found = list(enumerate(places(report), 1))
    for start in range(0, len(found), size):
        yield told(found[start:start + size])


def shown(line, full):
    """{code: value} of a line; without the right to them numbers have their middle hidden."""
    return line.values if full else line.values | {code: masked(line.values[code]) for code in NUMBERED if line.values.get(code)}
