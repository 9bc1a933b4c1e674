"""The story over HTTP, on both databases, without JavaScript."""
from tests.story import Story


def test_one_person_goes_through_all_ten_stages_over_http(visitors):
    Story(visitors).play()
