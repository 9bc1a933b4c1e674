"""The public check of a certificate: number and name must both fit; yes or no, unit and day; so often an hour."""
import datetime as dt

import pytest

from models import clock
from models.awards import Award
from models.parameters import Parameter
from tests.reported import graduates

NO = "否：没有编号和姓名都与此相符的有效证书"


@pytest.fixture
def award(world):
    return graduates(world, "阿依夏木·买买提")[0].awards.get()


@pytest.fixture
def ask(visit):
    """Function to the text of the answer to a number and a name."""
    def asked(number, name, status=200):
        answer = visit().post("/verify", data={"number": number, "name": name})
        assert answer.status_code == status
        return answer.text
    return asked


def test_number_and_name_that_fit_are_answered_with_unit_and_day_and_nothing_else(award, ask):
    text = ask(award.certificate_number, "阿依夏木·买买提")
    assert "是，证书有效" in text and "北京大学" in text and str(award.awarded_on) in text
    for hidden in (award.person.document_number, award.decision_number, award.discipline.name, award.application.register_number):
        assert hidden not in text


def test_blanks_wide_digits_and_other_dots_make_no_difference(award, ask):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in award.certificate_number)
    for typed in (f" {award.certificate_number} ", wide):
        assert "是，证书有效" in ask(typed, " 阿依夏木•买买提 ")


@pytest.mark.parametrize("number, name", [("real", "别人"), ("1000132026999999", "阿依夏木·买买提"), ("1000132026999999", "别人"), ("real", "阿依夏木"), ("x\x00'--", "y\x00")])
def test_whatever_does_not_fit_gets_the_same_words(award, ask, number, name):
    text = ask(award.certificate_number if number == "real" else number, name)
    assert NO in text and "北京大学" not in text and str(award.awarded_on) not in text


def test_what_is_left_empty_is_asked_for_and_nothing_is_lost(award, ask):
    text = ask("", "阿依夏木·买买提", 422)
    assert "请填写证书编号" in text and 'value="阿依夏木·买买提"' in text


def test_a_degree_that_was_taken_back_is_told_to_whoever_has_both_and_to_nobody_else(world, award, ask):
    award.withdraw(by=world.reviewer, **world.withdrawal(award))
    text = ask(award.certificate_number, "阿依夏木·买买提")
    assert "否，学位已经撤销" in text and "北京大学" in text and "是，证书有效" not in text and "论文抄袭" not in text
    assert NO in ask(award.certificate_number, "别人")


def test_the_name_on_the_certificate_counts_until_a_new_one_is_issued(world, award, ask):
    award.person.change(world.clerk, reason="更名", name="阿依夏")
    assert "是，证书有效" in ask(award.certificate_number, "阿依夏木·买买提") and NO in ask(award.certificate_number, "阿依夏")
    Award.get_by_id(award.id).reissue(by=world.clerk, ground="correction", reason="更名换发")
    assert "是，证书有效" in ask(award.certificate_number, "阿依夏") and NO in ask(award.certificate_number, "阿依夏木·买买提")


def test_a_change_of_name_before_the_degree_is_on_the_certificate(world, ask):
    case = world.registered(user=world.applicant("旧名"))
    world.examined(case)
    world.studied(case)
    case.person.change(world.clerk, reason="更名", name="新名")
    award = world.graduate(world.admit(type(case).get_by_id(case.id))).awards.get()
    assert "是，证书有效" in ask(award.certificate_number, "新名") and NO in ask(award.certificate_number, "旧名")


def test_a_number_is_asked_about_only_so_often_whoever_asks(award, site, ask):
    Parameter.update(value=3).where(Parameter.name == "public.per_number").execute()
    client = site.test_client()
    found = [client.post("/verify", data={"number": award.certificate_number, "name": f"试{n}"}, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}).status_code for n in range(5)]
    assert found == [200, 200, 200, 429, 429]
    assert NO in ask("1000132026999999", "别人") and "每小时不超过 3 次" in ask(award.certificate_number, "阿依夏木·买买提", 429)


def test_a_visitor_asks_only_so_often_whatever_he_asks(award, ask, visit):
    Parameter.update(value=3).where(Parameter.name == "public.per_address").execute()
    assert all(NO in ask(f"100013202600{n:04d}", "别人") for n in range(3))
    answer = visit().post("/verify", data={"number": "1000132026000009", "name": "别人"})
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "3600" and "60 分钟后可以再查" in answer.text
    with clock.at(clock.now() + dt.timedelta(hours=1)):
        assert NO in ask("1000132026000009", "别人")


def test_codes_of_transcripts_are_checked_only_so_often_too(world, visit):
    Parameter.update(value=2).where(Parameter.name == "public.per_address").execute()
    assert [visit().get(f"/check/ABCD-EFG{n}").status_code for n in range(3)] == [404, 404, 429]
    assert "每小时不超过 2 次" in visit().get("/check/ABCD").text


def test_the_way_there_stands_in_the_menu_and_at_the_foot(world, visit):
    assert visit().get("/").text.count('href="/verify"') == 2
