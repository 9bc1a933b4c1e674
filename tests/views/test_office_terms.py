"""Report terms: a new one is proposed as the next semester."""
import datetime as dt

import pytest

from models.reports import next_semester


@pytest.mark.parametrize("day, name, first, last", [
    ("2012-09-01", "2012—2013 学年第一学期", "2012-09-01", "2013-02-28"), ("2012-02-29", "2011—2012 学年第一学期", "2011-09-01", "2012-02-29"),
    ("2013-03-01", "2012—2013 学年第二学期", "2013-03-01", "2013-08-31"), ("2013-08-31", "2012—2013 学年第二学期", "2013-03-01", "2013-08-31")])
def test_a_day_lies_in_one_semester(day, name, first, last):
    found = next_semester(dt.date.fromisoformat(day))
    assert (found["name"], str(found["award_from"]), str(found["award_until"])) == (name, first, last)


def test_units_report_in_the_month_after_and_offices_file_in_the_next():
    found = next_semester(dt.date(2012, 9, 1))
    assert [str(found[key]) for key in ("report_from", "report_until", "office_until")] == ["2013-03-01", "2013-03-31", "2013-04-30"]


def test_the_form_of_a_new_term_continues_after_the_last(world, enter):
    world.term(award_from=dt.date(2026, 9, 1), award_until=dt.date(2027, 2, 28))
    page = enter(world.centre).get("/office/term/create/")
    assert "2026—2027 学年第二学期" in page and 'value="2027-03-01"' in page and 'value="2027-08-31"' in page
