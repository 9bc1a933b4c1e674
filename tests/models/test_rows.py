"""Rows that are taken as the database gives them hold what their fields would make of it."""
from models.registry import ENTITIES


def test_every_row_has_the_values_that_its_fields_make_of_what_is_kept(world):
    world.registered()
    filled = 0
    for kind in ENTITIES.values():
        rows = list(kind.select().order_by(kind.id))
        assert [row.__data__ for row in rows] == list(kind.select().order_by(kind.id).dicts()), kind
        assert not any(row.dirty_fields for row in rows)
        filled += bool(rows)
    assert filled > 20
