"""Stage 10: lists of lines beside each other, and beside their digests."""
from models.record import differences, digest_of


def compare(before, after):
    """What differs between two lists of lines: (added, removed, {certificate number: {code: (before, after)}}), by award."""
    old, new = ({line.award_id: line for line in lines} for lines in (before, after))
    changed = {new[id].values["XWZSBH"]: differing for id in new if id in old and (differing := differences(old[id].values, new[id].values))}
    return [new[id] for id in new if id not in old], [old[id] for id in old if id not in new], changed


def digests_of(lines):
    """{report id: digest of its lines, or None where one does not agree with its own} of lines in the order of their certificate numbers."""
    found = {}
    for line in lines:
        whole = found.setdefault(line.report_id, [])
        if whole is not None and line.intact:
            whole.append(line.values)
        else:
            found[line.report_id] = None
    return {id: whole and digest_of(whole) for id, whole in found.items()}
