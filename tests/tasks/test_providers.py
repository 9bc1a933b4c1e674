"""Which providers an installation has follows from its settings, and they are refused when something is missing."""
import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import config
from models.exams.entering import enter, subjects_for
from models.exams.tries import begin
from tasks.paying import gateway, till


def test_alipay_needs_its_payee_its_keys_and_a_public_address(tmp_path):
    found = config.problems(config.load(environ={}, demo=True, alipay_app_id="2021", alipay_private_key=str(tmp_path / "none.pem")))
    assert [text.partition("：")[0] for text in found] == ["ALIPAY_SELLER_ID", "PUBLIC_URL", "ALIPAY_PRIVATE_KEY", "ALIPAY_PUBLIC_KEY"]
    assert config.problems(config.load(environ={}, demo=True)) == []
    (tmp_path / "file").touch()
    assert config.problems(config.load(environ={}, demo=True, instance_dir=tmp_path / "file" / "instance")) == [f"INSTANCE_DIR：要求能写的文件夹，实际“{tmp_path / 'file'}”不能写"]


def test_alipay_asks_at_its_own_address_with_a_signature_of_the_application(settings, world, tmp_path):
    side = till.local_gateway(settings)
    for name, text in zip(("own.pem", "theirs.pem"), side.keys()):
        (tmp_path / name).write_text(text)
    till.configure(replace(settings, alipay_app_id=gateway.APP, alipay_seller_id=gateway.SELLER, alipay_private_key=str(tmp_path / "own.pem"),
                           alipay_public_key=str(tmp_path / "theirs.pem"), public_url="https://tongli.example"))
    assert [side.name for side in till.providers()] == ["alipay", "local"]
    case, session = world.registered(), world.session()
    entries = enter(case, session, [item for item, _ in subjects_for(case, session)], world.site.province, world.site, case.applicants()[0])
    attempt = begin(entries[0].payment, "alipay", case.applicants()[0])
    page = urlsplit(till.provider("alipay").page(attempt, "https://tongli.example/me/exam/pay/back/1"))
    asked = dict(parse_qsl(page.query))
    assert page.netloc == "openapi.alipay.com" and side.genuine(asked) and not side.genuine(asked | {"return_url": "https://elsewhere.example"})
    assert asked["notify_url"] == "https://tongli.example/pay/notify/alipay" and asked["sign_type"] == "RSA2"
    assert json.loads(asked["biz_content"]) == {"subject": "2026 年统考 报名费", "out_trade_no": attempt.number, "total_amount": "200.00",
                                                "product_code": "FAST_INSTANT_TRADE_PAY", "time_expire": "2026-03-31 23:59:59"}


def test_the_keys_of_the_gateway_are_made_once_and_kept_from_others(tmp_path):
    first, second = (gateway.Gateway(tmp_path / "gateway", "") for _ in range(2))
    assert first.keys() == second.keys()
    assert {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "gateway").iterdir()} == {"gateway.pem": 0, "merchant.pem": 0}
