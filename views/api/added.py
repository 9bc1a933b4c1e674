"""Fields that the site added, beside what the interface tells of a unit, and of an award and its case: as far as the owner of the token may see them.
They are those of today, and no part of what was frozen and has a digest. Files are not told."""
from models import extras
from models.applications import Application
from models.awards import Award

NONE = {"award": {}, "application": {}}


def of_row(row, user):
    """{name: value} of a row."""
    return {field.key: _plain(field, row) for field in seen(type(row), user)}


def of_awards(ids, user):
    """{award id: {"award", "application": {name: value}}} of those in sight; nothing is asked of a kind without such fields."""
    if not (seen(Award, user) or seen(Application, user)):
        return {}
    awards = {award.id: award for award in Award.visible_to(user).where(Award.id.in_(ids))}
    wanted = [award.application_id for award in awards.values()] if seen(Application, user) else []
    cases = {case.id: case for case in Application.visible_to(user).where(Application.id.in_(wanted))}
    return {id: {"award": of_row(award, user), "application": of_row(cases[award.application_id], user) if award.application_id in cases else {}} for id, award in awards.items()}


def seen(kind, user):
    """The added fields of a kind of record that the user may see, but for files."""
    roles = {role for role, _ in user.powers()}
    return [field for field in extras.of(kind).values() if field.kind != "file" and roles & set(field.visible)]


def _plain(field, row):
    value = (row.extra or {}).get(field.key)
    return bool(value) if field.kind == "flag" and value is not None else value
