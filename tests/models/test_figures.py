"""What everybody may read in numbers: counted as the lists count, and nothing small can be worked out of it."""
from collections import defaultdict
from itertools import product

from models import clock
from models.figures import SMALL, WITHHELD, PublicFigures, awarded, draw_up, guarded, latest, line, results, standing
from models.parameters import Parameter


def test_a_number_below_the_floor_is_not_told_nor_is_the_sum_from_which_it_could_be_taken_off():
    assert line([3, 4, 5], 3) == ([3, 4, 5], 12)
    assert line([3, 2, 5], 3) == ([3, SMALL, 5], WITHHELD)
    assert line([0, 0], 3) == ([SMALL, SMALL], WITHHELD)
    assert line([], 3) == ([], 0)


def test_whatever_is_told_a_small_number_may_still_be_any_small_number():
    """All worlds of a few people: those that are told alike differ in each untold number by everything below the floor."""
    floor = 2
    alike = defaultdict(list)
    for years, waiting, passed in product(product(range(4), repeat=2), product(range(3), repeat=2), product(range(4), repeat=2)):
        content = guarded(floor, list(waiting), dict(zip((2025, 2026), years)), [("春", [("英语", *passed)])])
        alike[repr(content)].append((content, (*years, *waiting, *passed)))
    assert len(alike) > 100
    for worlds in alike.values():
        content = worlds[0][0]
        told = [count for _, count in content["years"]] + content["standing"] + content["sessions"][0][1][0][1:3]
        for place, count in enumerate(told):
            possible = {numbers[place] for _, numbers in worlds}
            assert possible == (set(range(floor)) if count == SMALL else {count})


def test_the_degrees_of_all_years_are_withheld_wherever_they_stand_once_a_year_is_small():
    content = guarded(10, [20] * 6, {2025: 40, 2026: 3}, [])
    assert content["years"] == [[2025, 40], [2026, SMALL]] and content["awarded"] == WITHHELD
    assert guarded(10, [20] * 6, {2025: 40, 2026: 30}, [])["awarded"] == 70


def test_it_counts_the_cases_the_degrees_and_the_results_that_are_published(world):
    assert awarded() == {} and results() == []
    award = world.awarded().awards.get()
    assert awarded() == {award.awarded_on.year: 1} and [session for session, _ in results()] == ["2026 年统考"]
    assert all((passed, failed) == (1, 0) for _, passed, failed in results()[0][1])
    case = world.registered()
    world.confirmed()
    assert standing() == [0, 0, 1, 1, 0, 0]
    session = world.session(2027)
    world.sat(case, session, 40)
    assert len(results()) == 1
    world.published(session)
    assert [failed for _, _, failed in results()[0][1]] == [1] * len(results()[0][1]) and len(results()) == 2


def test_the_figures_of_a_day_are_one_row_that_a_later_count_replaces(world):
    assert latest() is None
    draw_up()
    world.confirmed()
    draw_up()
    assert PublicFigures.select().count() == 1 and latest().content["standing"][2] == SMALL
    Parameter.update(value=1).where(Parameter.name == "public.floor").execute()
    draw_up()
    assert latest().content["standing"][2] == 1 and latest().content["floor"] == 1
    with clock.at(clock.today() + clock.days(1)):
        draw_up()
        assert PublicFigures.select().count() == 2 and latest().day == clock.today()
