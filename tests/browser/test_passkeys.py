"""Passkeys in a real Chromium with a virtual authenticator: registered, used instead of the password and as the second step, removed; and the
challenge of the registration, solved by the page."""
from dataclasses import replace

import pytest

from backoffice import challenge
from models.logins import Login
from models.passkeys import Passkey
from tests.cast import served, staff
from tests.visitors import BrowserVisitor, log_in
from tests.world import number_for


@pytest.fixture
def address(settings, database):
    staff()
    with served(replace(settings, challenge=True)) as address:
        yield address.replace("127.0.0.1", "localhost")          # keys are bound to a name, and an address is none


def with_authenticator(visitor):
    """The browser has a key at its USB port, on which a finger lies."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True}})
    return visitor


def fits(visitor):
    return visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def log_out(visitor):
    visitor.page.get_by_role("button", name="退出登录").first.click()
    visitor.page.wait_for_url("**/login")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_key_is_registered_opens_the_door_alone_and_as_the_second_step_and_is_removed(chromium, address, width):
    clerk = log_in(with_authenticator(BrowserVisitor(chromium, address, width=width)), "clerk")
    clerk.open("/account/protection")
    assert fits(clerk)
    clerk.press("登记通行密钥")
    clerk.fill("名称", "办公室电脑")
    clerk.press("登记")
    clerk.page.wait_for_selector("ul.codes")
    clerk.sees("只显示这一次", "办公室电脑")
    assert fits(clerk) and Passkey.select().count() == 1
    log_out(clerk)
    clerk.press("用通行密钥登录")
    clerk.page.wait_for_url("**/office/")
    log_out(clerk)
    log_in(clerk, "clerk").sees("第二步验证")
    assert fits(clerk)
    clerk.press("使用通行密钥")
    clerk.page.wait_for_url("**/office/")
    assert [row.means for row in Login.select().order_by(Login.id)] == ["password", "passkey", "key"]
    clerk.open("/account/protection")
    clerk.press("移除通行密钥 办公室电脑")
    clerk.sees("已移除通行密钥")
    log_out(clerk)
    log_in(clerk, "clerk").sees("工作台")
    clerk.close()


def test_a_key_of_another_browser_opens_nothing(chromium, address):
    visitor = with_authenticator(BrowserVisitor(chromium, address))
    visitor.open("/login")
    visitor.press("用通行密钥登录")
    visitor.page.get_by_text("没有完成：").wait_for()
    assert not Login.select().where(Login.means == "passkey").exists()
    visitor.close()


def test_the_registration_solves_its_challenge_by_itself(chromium, address, monkeypatch):
    monkeypatch.setattr(challenge, "PREFIX", "00")        # found after 256 hashes on average: the way is tested, not the browser's speed
    person = BrowserVisitor(chromium, address, width=390, height=844)
    person.open("/register")
    for label, text in {"姓名": "单宇辰", "证件号": number_for(7, "19890203"), "手机": "13800000007", "电子邮箱": "shan@example.cn", "密码": "correct-horse",
                        "再输入一次密码": "correct-horse"}.items():
        person.fill(label, text)
    person.tick("我已阅读并同意")
    person.press("注册")
    person.page.wait_for_url("**/me")
    person.sees("注册完成")
    person.close()
