"""Stage 9: the certificate number and its date, and that no way leads to a degree past the defence."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clock
from models.applications import Application
from models.awards import Award, certificate_faults
from models.registry import ENTITIES
from models.serials import Serial
from tests.models.refusals import refused, sentences

OLD, NEW = dt.date(2015, 12, 31), dt.date(2016, 1, 1)


def faults(number, day=dt.date(2026, 7, 1), unit="10001"):
    return [str(reason) for reason in certificate_faults(number, unit, day)]


@pytest.mark.parametrize("number, day", [("T1000132015000001", OLD), ("1000132016000001", NEW), ("1000132026999999", dt.date(2026, 7, 1))])
def test_a_number_is_unit_level_year_and_serial_with_a_t_until_the_end_of_2015(number, day):
    assert faults(number, day) == []


@pytest.mark.parametrize("number, day, sentence", [
    ("1000132015000001", OLD, "要求 2016-01-01 前授予的以 T 开头，实际 1000132015000001"),
    ("T1000132016000001", NEW, "要求 2016-01-01 起授予的不加 T，实际 T1000132016000001"),
    ("1024632026000001", dt.date(2026, 7, 1), "第 1—5 位是单位代码：要求 10001，实际 10246"),
    ("1000122026000001", dt.date(2026, 7, 1), "第 6 位是学位级别：要求 3（硕士），实际 2"),
    ("1000132025000001", dt.date(2026, 7, 1), "第 7—10 位是授予年份：要求 2026，实际 2025"),
    ("100013202600001", dt.date(2026, 7, 1), "格式不对"), ("10001320260000010", dt.date(2026, 7, 1), "格式不对"),
    ("100013202600000X", dt.date(2026, 7, 1), "格式不对"), ("1000132026０００００１", dt.date(2026, 7, 1), "格式不对")])
def test_each_part_of_a_number_that_is_wrong_is_named(number, day, sentence):
    found = faults(number, day)
    assert len(found) == 1 and sentence in found[0]


@given(st.dates(dt.date(1999, 1, 1), dt.date(2060, 1, 1)), st.integers(0, 999999), st.integers(10001, 99999))
def test_a_number_is_right_for_its_own_unit_and_year_only(day, serial, unit):
    number = f"{'T' if day < NEW else ''}{unit}3{day.year}{serial:06d}"
    assert faults(number, day, str(unit)) == []
    assert faults(number, day, str(unit - 1)) and faults(number, day.replace(year=day.year + 1, day=1), str(unit))


@pytest.fixture
def award(world):
    return proposed(world)


def proposed(world, name="林叙白"):
    """The award that a passed defence proposed."""
    case = world.registered(world.applicant(name))
    world.studied(case)
    Application.update(degree_date=dt.date(2010, 6, 30)).where(Application.id == case.id).execute()
    for kind in ("language", "comprehensive"):
        ENTITIES["PriorPass"].add(world.centre, name=name, document_number=case.person.document_number, kind=kind, subject_name=kind, passed_on=dt.date(2010, 5, 30))
    world.defence(world.admit(case)).record_pass(by=world.clerk)
    return Award.get(Award.application == case)


def grant(world, award, number="", on=None, decision="校学位〔2026〕9 号"):
    return award.grant(by=world.reviewer, decision_number=decision, awarded_on=on or clock.today(), certificate_number=number)


def test_a_grant_takes_the_next_number_and_moves_the_case(world, award):
    grant(world, award)
    assert (award.certificate_number, award.awarded_on, award.decision_number) == ("1000132026000001", clock.today(), "校学位〔2026〕9 号")
    assert Application.get_by_id(award.application_id).state == "awarded"


def test_the_next_number_skips_those_that_were_typed(world, award):
    grant(world, proposed(world, "手填"), "1000132026000001")
    grant(world, award)
    assert award.certificate_number == "1000132026000002"


def test_a_number_that_is_taken_is_refused_and_leaves_the_award_as_it_was(world, award):
    grant(world, proposed(world, "先得"), "1000132026000007")
    assert sentences(grant, world, award, "1000132026000007") == ["这个证书编号已经用过"]
    assert Award.get_by_id(award.id).state == "proposed" and Application.get_by_id(award.application_id).state == "defended"


def test_a_refused_grant_uses_up_no_number(world, award):
    refused(grant, world, award, on=clock.today() + dt.timedelta(days=1))
    assert not Serial.select().where(Serial.key.startswith("certificate")).exists()
    assert grant(world, award).certificate_number == "1000132026000001"


def test_the_numbers_of_each_year_run_for_themselves(world, award):
    other = proposed(world, "次年")
    with clock.at(dt.date(2027, 1, 4)):
        assert grant(world, award, on=dt.date(2026, 12, 31)).certificate_number == "1000132026000001"
        assert grant(world, other).certificate_number == "1000132027000001"


@pytest.mark.parametrize("days, sentence", [(0, None), (-1, "授予日期不能早于答辩日期：要求 不早于 2026-03-20，实际 2026-03-19，差 1 天"),
                                            (1, "授予日期不能晚于今天：要求 不晚于 2026-03-20，实际 2026-03-21，差 1 天")])
def test_the_date_of_a_degree_lies_between_the_defence_and_today(world, award, days, sentence):
    day = clock.today() + dt.timedelta(days=days)
    if sentence is None:
        assert grant(world, award, on=day).state == "awarded"
    else:
        assert sentences(grant, world, award, on=day) == [sentence]


def test_a_grant_needs_a_decision_and_a_date(world, award):
    wrong = refused(award.grant, by=world.reviewer, decision_number=" ").fields
    assert wrong == {"decision_number": "请填写学位评定委员会决定编号", "awarded_on": "请填写授予日期"}


def test_a_typed_number_is_checked_against_unit_and_year(world, award):
    found = sentences(grant, world, award, "1024632025000001")
    assert len(found) == 2 and "单位代码" in found[0] and "授予年份" in found[1]


@pytest.mark.parametrize("state", ("confirmed", "registered", "ready", "admitted"))
def test_no_way_leads_to_a_degree_past_the_defence(world, state):
    case = getattr(world, state)()
    values = {"application": case, "person": case.person_id, "institution": case.institution_id, "discipline": case.discipline_id}
    assert "论文答辩通过后才有学位授予" in refused(Award.add, world.clerk, **values).fields["application"]
    smuggled = Award.create(**values)
    assert "论文答辩没有通过，不能授予学位" in sentences(grant, world, smuggled)[0]
    for user in (world.clerk, world.reviewer, None):
        assert "不能单独操作" in sentences(case.award, by=user)[0]
    assert Application.get_by_id(case.id).state == case.state


def test_a_case_has_one_award(world, award):
    grant(world, award)
    values = {name: award.__data__[name] for name in ("application", "person", "institution", "discipline")}
    assert refused(Award.add, world.clerk, **values)


def test_a_withdrawn_degree_says_when_and_why_and_stays(world, award):
    grant(world, award)
    award.withdraw(by=world.reviewer, reason="论文抄袭")
    assert (award.state, award.withdrawal_reason, award.withdrawn_at) == ("withdrawn", "论文抄袭", clock.now())
    assert Award.get_by_id(award.id).certificate_number == "1000132026000001"
