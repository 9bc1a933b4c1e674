"""The applicant's pages about places and payment, and that nothing but the provider's word says that money has come."""
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

import views.site
from backoffice.app import create_app
from models.exams.elsewhere import GuestSitting
from models.exams.entries import ExamEntry
from models.exams.payments import Payment
from models.exams.sites import ExamSite
from models.exams.tries import PaymentTry
from models.reference import Province
from tasks.paying import till


@pytest.fixture
def mine(world, visit):
    """(case, session, client) of somebody who has entered for two subjects."""
    case, session = world.registered(), world.session()
    client = visit(case.applicants()[0])
    client.post(f"/me/exam/{session.id}", data={"subject": [item.id for item in session.subjects], "province": "11", "site": world.site.id})
    return case, session, client


def text(answer):
    return answer.get_data(as_text=True)


def test_the_page_shows_how_many_places_are_left(world, visit, mine):
    case, session, client = mine
    other = visit(world.registered(world.applicant("苏以宁")).applicants()[0])
    assert "北京第一考点，剩 299 个名额" in text(other.get("/me/exam"))
    ExamSite.update(capacity=1).execute()
    assert "已报满" in text(other.get("/me/exam"))
    refused = other.post(f"/me/exam/{session.id}", data={"subject": [item.id for item in session.subjects], "province": "11", "site": world.site.id})
    assert refused.status_code == 422 and "没有空余名额" in text(refused)


def test_a_place_is_changed_on_the_page(world, mine):
    case, session, client = mine
    other = ExamSite.add(world.exam, province=Province.get(Province.code == "11"), code="002", name="北京第二考点", capacity=5)
    entry = case.exam_entries.first()
    assert "已改在北京第二考点考试" in text(client.post(f"/me/exam/move/{entry.id}", data={"province": "11", "site": other.id}, follow_redirects=True))
    assert ExamEntry.get_by_id(entry.id).site == other
    assert "请选择考试省份" in text(client.post(f"/me/exam/move/{entry.id}", data={"province": ""}))
    assert "须经北京大学同意" in text(client.post(f"/me/exam/move/{entry.id}", data={"province": "31"}))


def test_another_province_is_asked_for_agreed_to_in_the_office_and_can_be_chosen(world, visit, mine):
    case, session, client = mine
    refused = client.post(f"/me/exam/elsewhere/{session.id}", data={"elsewhere": "31", "statement": ""})
    assert refused.status_code == 422 and "请填写理由" in text(refused)
    assert "等待 北京大学 答复" in text(client.post(f"/me/exam/elsewhere/{session.id}", data={"elsewhere": "31", "statement": "驻沪"}, follow_redirects=True))
    asked = GuestSitting.get()
    assert visit(world.applicant("旁人")).post(f"/me/exam/elsewhere/withdraw/{asked.id}").status_code == 404
    asked.agree(by=world.clerk)
    page = text(client.get("/me/exam"))
    assert "到上海借考" in page and "上海（借考）" in page
    assert "借考申请已撤回" in text(client.post(f"/me/exam/elsewhere/withdraw/{asked.id}", follow_redirects=True))


def test_what_is_owed_is_shown_and_paying_begins_with_a_link_to_the_provider(mine):
    case, session, client = mine
    payment = case.payments.get()
    page = text(client.get(f"/me/exam/pay/{payment.id}"))
    assert "200.00 元" in page and "2026-03-31 24:00" in page and "用演示支付付款" in page
    page = text(client.post(f"/me/exam/pay/{payment.id}", data={"provider": "local"}, follow_redirects=True))
    attempt = PaymentTry.get()
    assert attempt.number in page and "去演示支付付款" in page and f"{till.provider('local').gateway}?" in page
    assert client.post(f"/me/exam/pay/{payment.id}", data={"provider": "nobody"}).status_code == 404


def test_coming_back_says_nothing_about_the_money_whatever_the_address_claims(mine):
    case, session, client = mine
    payment = case.payments.get()
    client.post(f"/me/exam/pay/{payment.id}", data={"provider": "local"})
    claim = f"?trade_status=TRADE_SUCCESS&out_trade_no={PaymentTry.get().number}&total_amount=200.00&sign=x"
    page = text(client.get(f"/me/exam/pay/back/{payment.id}{claim}", follow_redirects=True))
    assert "以支付机构的通知为准" in page and Payment.get().state == "open" and PaymentTry.get().state == "open"


def test_a_provider_that_does_not_answer_is_said_so(mine):
    case, session, client = mine
    payment = case.payments.get()
    client.post(f"/me/exam/pay/{payment.id}", data={"provider": "local"})
    assert "没有答复" in text(client.post(f"/me/exam/pay/check/{payment.id}", follow_redirects=True))


def test_the_payment_of_somebody_else_is_not_found(world, visit, mine):
    case, session, client = mine
    stranger, id = visit(world.registered(world.applicant("旁人")).applicants()[0]), case.payments.get().id
    assert [stranger.get(f"/me/exam/pay/{id}").status_code, stranger.post(f"/me/exam/pay/{id}", data={"provider": "local"}).status_code,
            stranger.post(f"/me/exam/pay/check/{id}").status_code, stranger.get(f"/me/exam/pay/back/{id}").status_code] == [404] * 4


def test_the_receipt_has_what_was_paid_and_says_when_it_was_returned(world, mine):
    case, session, client = mine
    payment = case.payments.get().record(by=world.exam, reference="线下-7")
    page = text(client.get(f"/me/exam/pay/{payment.id}"))
    assert "报名费收据" in page and "线下-7" in page and "英语，经济学" in page
    payment.refund(by=world.exam, reason="考试取消").record_refund(by=world.exam, reference="退-7")
    assert "退-7" in text(client.get(f"/me/exam/pay/{payment.id}"))


def test_the_office_gives_a_fee_back_and_sees_bills_notices_and_statements(world, mine, enter):
    case, session, client = mine
    payment = case.payments.get().record(by=world.exam, reference="线下-7")
    exam = enter(world.exam)
    exam.post("/office/payment/step/refund/", id=payment.id, confirm="1", reason="考试取消", again="1")
    assert Payment.get().state == "refunding"
    for screen in ("payment", "payment_try", "payment_notice", "statement", "statement_line", "place", "guest_sitting"):
        exam.get(f"/office/{screen}/")


def test_outside_the_demo_there_is_no_gateway_and_no_provider_that_is_not_named(settings, world):
    app = create_app(replace(settings, demo=False), lambda app, admin: views.site.register(app))
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("gateway.")]
    till.configure(replace(settings, demo=False))
    assert till.providers() == [] and app.test_client().post("/pay/notify/local", data={"id": 1}).status_code == 400


def test_the_gateway_answers_nobody_but_the_merchant(visit):
    nobody = visit()
    assert nobody.get("/gateway?method=alipay.trade.query&biz_content={}&app_id=2026000000000001&sign=AAAA").status_code == 404
    assert nobody.get("/gateway/pay/..%2fgateway").status_code == 404 and nobody.get("/gateway/bill/2026-03-20?sign=AAAA").status_code == 404
    assert urlsplit(till.provider("local").gateway).path == "/gateway"
