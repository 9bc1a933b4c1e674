"""Stage 10: reports and lines as programs read them, in the file for machines and in the interface alike."""
import json

from tasks.reporting.lines import batches, count_of, shown


def report_of(report):
    """A report without its lines, fit for JSON. Times are Asia/Shanghai."""
    unit, term = report.institution, report.term
    return {
        "id": report.id, "unit": {"code": unit.code, "name": unit.name},
        "term": {"id": term.id, "name": term.name, "award_from": str(term.award_from), "award_until": str(term.award_until)},
        "state": report.state, "state_name": report.state_label, "round": report.round, "version": report.version, "lines": count_of(report), "digest": report.digest,
        "submitted_at": _moment(report.submitted_at), "returned_at": _moment(report.returned_at), "returned_reason": report.returned_reason,
        "filed_at": _moment(report.filed_at)}


def line_of(line, full):
    """One line: every value by its code, the names of the coded ones. The digest is that of the values in full."""
    return {"number": line.number, "version": line.version, "digest": line.digest, "masked": not full, "values": shown(line, full), "names": line.names}


def write(report, path, full, say):
    """One JSON document: the report, and under "records" its lines; written line by line."""
    done = 0
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'{{"report": {_text(report_of(report))}, "records": [')
        for lines in batches(report):
            file.write(("," if done else "") + ",".join(f"\n{_text(line_of(line, full))}" for line in lines))
            done += len(lines)
            say(done)
        file.write("\n]}\n")


def _text(value):
    return json.dumps(value, ensure_ascii=False)


def _moment(value):
    return value.isoformat() if value else None
