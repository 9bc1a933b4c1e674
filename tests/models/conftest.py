"""A world with at least one row of every entity in two units, for the tests that look at all of them."""
import pytest

from tests.abundance import fill_up


@pytest.fixture
def abundant(world):
    """The world, and `sides`: what belongs to the first unit in Beijing and to the second in Shanghai."""
    return fill_up(world)
