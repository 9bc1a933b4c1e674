"""The rows that lines name, fetched for a whole batch at once and only as far as the user sees them."""
from models.bulk import among


def by(field, *only):
    """Fetch rows by one field; the wants are its values. `only` names the fields that the rules look at, where a row has many."""
    def fetch(user, wants):
        if not wants:
            return {}
        rows = field.model.visible_to(user).where(among([field], wants))
        return {row.__data__[field.name]: row for row in (rows.select(field, *only) if only else rows)}
    return fetch
