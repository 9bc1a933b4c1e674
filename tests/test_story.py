"""The story over HTTP, on both databases, without JavaScript."""
import pytest

from tests.cast import served, staff
from tests.story import Story
from tests.visitors import HttpVisitor


@pytest.fixture
def visitors(settings, database):
    staff()
    opened = []
    with served(settings) as address:
        yield lambda: opened.append(HttpVisitor(address)) or opened[-1]
        for visitor in opened:
            visitor.close()


def test_one_person_goes_through_all_ten_stages_over_http(visitors):
    Story(visitors).play()
