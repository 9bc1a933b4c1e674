"""Fields that the site added, beside what the interface tells of a unit, an award, its case and its thesis: as far as the owner of the token may see them.
They are those of today, and no part of what was frozen and has a digest. Files are not told."""
from models import extras
from models.applications import Application
from models.awards import Award
from models.defences import Thesis

KINDS = {"award": Award, "application": Application, "thesis": Thesis}


def of_row(row, user):
    """{name: value} of a row."""
    return {field.key: _plain(field, row) for field in _seen(type(row), user)}


def of_awards(ids, user):
    """{award id: {"award", "application", "thesis": {name: value}}}; nothing is asked of a kind without such fields."""
    found = {id: {name: {} for name in KINDS} for id in ids}
    if not any(_seen(kind, user) for kind in KINDS.values()):
        return found
    awards = list(Award.visible_to(user).where(Award.id.in_(list(found))))
    of_case = {award.application_id: award.id for award in awards}
    for award in awards:
        found[award.id]["award"] = of_row(award, user)
    for name, link in (("application", Application.id), ("thesis", Thesis.application)):
        if _seen(KINDS[name], user):
            for row in KINDS[name].visible_to(user).where(link.in_(list(of_case))):
                found[of_case[row.__data__[link.name]]][name] = of_row(row, user)
    return found


def _seen(kind, user):
    roles = {role for role, _ in user.powers()}
    return [field for field in extras.of(kind).values() if field.kind != "file" and roles & set(field.visible)]


def _plain(field, row):
    value = (row.extra or {}).get(field.key)
    return bool(value) if field.kind == "flag" and value is not None else value
