"""The story in a real Chromium: the same pages, as a person sees them, without one message on the console."""
import pytest

from tests.cast import served, staff
from tests.story import StoryInBrowser
from tests.visitors import BrowserVisitor


@pytest.fixture
def visitors(chromium, settings, database):
    staff()
    opened = []
    with served(settings) as address:
        yield lambda: opened.append(BrowserVisitor(chromium, address)) or opened[-1]
        for visitor in opened:
            visitor.close()


def test_one_person_goes_through_all_ten_stages_in_a_browser(visitors):
    StoryInBrowser(visitors).play()
