"""The other side for the demo and the tests: a payment provider of our own, with keys of its own, that signs, calls back and answers like the real one.

Trades are files of the instance. Nothing here knows the books of the platform; it knows what it was asked over HTTP.
"""
import base64
import datetime as dt
import io
import json
import os
import re
import secrets
import zipfile
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from models import clock

APP, SELLER, PATIENCE = "2026000000000001", "2088000000000001", 5
NUMBER = re.compile(r"[0-9a-f]{1,32}")
HEAD = ("支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "订单金额（元）", "商家实收（元）", "备注")
RSA2 = padding.PKCS1v15(), hashes.SHA256()


def key_in(path):
    """The private key in a file; a new one where there is none."""
    if not path.exists():
        fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        spare = path.with_suffix(f".{secrets.token_hex(4)}")
        spare.write_bytes(fresh)
        spare.chmod(0o600)
        try:
            os.link(spare, path)
        except FileExistsError:
            pass                    # another process was first: its key holds
        spare.unlink()
    return serialization.load_pem_private_key(path.read_bytes(), None)


def pem(key):
    """A private or public key as text."""
    if hasattr(key, "private_bytes"):
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def said(values, *without):
    """What is signed of some fields."""
    return "&".join(f"{name}={value}" for name, value in sorted(values.items()) if name not in without).encode()


class Gateway:
    """The provider. `address` is where it answers, as the platform and the payer reach it."""

    def __init__(self, folder, address):
        self.folder, self.address = Path(folder), address
        self.folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def own(self):
        return key_in(self.folder / "gateway.pem")

    @cached_property
    def shop(self):
        return key_in(self.folder / "merchant.pem")

    def keys(self):
        """What the platform is given: its own private key, and the public key of this side."""
        return pem(self.shop), pem(self.own.public_key())

    def sign(self, text):
        return base64.b64encode(self.own.sign(text, *RSA2)).decode()

    def genuine(self, values):
        """Whether a request is signed by the merchant."""
        try:
            self.shop.public_key().verify(base64.b64decode(values.get("sign", "")), said(values, "sign"), *RSA2)
        except (InvalidSignature, ValueError):
            return False
        return values.get("app_id") == APP

    # trades -------------------------------------------------------------------------------------------------------------------------
    def trade(self, number):
        """The trade of a number, or None."""
        path = self.folder / f"{number}.json"
        return json.loads(path.read_text("utf-8")) if NUMBER.fullmatch(number) and path.exists() else None

    def keep(self, trade):
        path = self.folder / f"{trade['out_trade_no']}.json"
        spare = path.with_suffix(f".{secrets.token_hex(4)}")
        spare.write_text(json.dumps(trade, ensure_ascii=False), "utf-8")
        spare.replace(path)
        return trade

    def order(self, values):
        """The trade that a signed request for the page asks for."""
        asked = json.loads(values["biz_content"])
        return self.trade(asked["out_trade_no"]) or self.keep({
            "out_trade_no": asked["out_trade_no"], "total_amount": asked["total_amount"], "subject": asked["subject"],
            "trade_no": f"{clock.now():%Y%m%d}22{secrets.randbelow(10**18):018d}",
            "trade_status": "WAIT_BUYER_PAY", "notify_url": values["notify_url"], "return_url": values["return_url"], "created": str(clock.now())})

    def pay(self, trade):
        """The payer has paid."""
        if trade["trade_status"] != "WAIT_BUYER_PAY":
            return trade
        return self.keep(trade | {"trade_status": "TRADE_SUCCESS", "paid": str(clock.now())})

    def notice(self, trade, **other):
        """The signed form that is posted to the platform."""
        form = {"app_id": APP, "seller_id": SELLER, "charset": "utf-8", "version": "1.0", "notify_type": "trade_status_sync",
                "notify_id": secrets.token_hex(16), "notify_time": str(clock.now()), "out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"],
                "trade_status": trade["trade_status"], "total_amount": trade["total_amount"], "subject": trade["subject"], "gmt_payment": trade.get("paid", ""), **other}
        return form | {"sign": self.sign(said(form)), "sign_type": "RSA2"}

    def call_back(self, trade):
        """Tell the platform; whoever is not there now asks later."""
        try:
            with urlopen(trade["notify_url"], data=urlencode(self.notice(trade)).encode(), timeout=PATIENCE) as answer:
                return answer.read() == b"success"
        except OSError:
            return False

    def way_back(self, trade):
        """The signed address to which the payer returns."""
        form = {"app_id": APP, "charset": "utf-8", "method": "alipay.trade.page.pay.return", "out_trade_no": trade["out_trade_no"], "seller_id": SELLER,
                "timestamp": str(clock.now()), "total_amount": trade["total_amount"], "trade_no": trade["trade_no"], "version": "1.0"}
        return f"{trade['return_url']}?{urlencode(form | {'sign': self.sign(said(form)), 'sign_type': 'RSA2'})}"

    # answers ------------------------------------------------------------------------------------------------------------------------
    def answer(self, values):
        """The signed JSON that answers a request."""
        asked, method = json.loads(values.get("biz_content", "{}")), values.get("method", "")
        deed = {"alipay.trade.query": self.query, "alipay.trade.close": self.close, "alipay.trade.refund": self.refund,
                "alipay.data.dataservice.bill.downloadurl.query": self.bill_address}.get(method)
        found = deed(asked) if deed else {"code": "40002", "msg": "Invalid Arguments", "sub_code": "isv.invalid-method"}
        text = json.dumps(found, ensure_ascii=False)
        return f'{{"{method.replace(".", "_")}_response":{text},"sign":"{self.sign(text.encode())}"}}'

    def known(self, asked):
        return self.trade(str(asked.get("out_trade_no", "")))

    def query(self, asked):
        trade = self.known(asked)
        if trade is None:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST", "sub_msg": "交易不存在"}
        return {"code": "10000", "msg": "Success", **{name: trade[name] for name in ("out_trade_no", "trade_no", "total_amount", "trade_status")},
                "send_pay_date": trade.get("paid", "")}

    def close(self, asked):
        trade = self.known(asked)
        if trade is not None and trade["trade_status"] == "WAIT_BUYER_PAY":
            self.keep(trade | {"trade_status": "TRADE_CLOSED"})
            return {"code": "10000", "msg": "Success"}
        return {"code": "40004", "msg": "Business Failed", "sub_msg": "交易状态不合法",
                "sub_code": "ACQ.TRADE_NOT_EXIST" if trade is None else "ACQ.TRADE_STATUS_ERROR"}

    def refund(self, asked):
        trade = self.known(asked)
        if trade is None or "paid" not in trade or asked["refund_amount"] != trade["total_amount"]:
            return {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_STATUS_ERROR", "sub_msg": "没有可以退的款"}
        change = "N" if "refunded" in trade else "Y"
        self.keep({"refunded": str(clock.now())} | trade | {"trade_status": "TRADE_CLOSED"})
        return {"code": "10000", "msg": "Success", "fund_change": change, "refund_fee": trade["total_amount"], "out_trade_no": trade["out_trade_no"]}

    # the bill of a day --------------------------------------------------------------------------------------------------------------
    def bill_address(self, asked):
        day = str(dt.date.fromisoformat(asked["bill_date"]))
        return {"code": "10000", "msg": "Success", "bill_download_url": f"{self.address}/bill/{day}?" + urlencode({"sign": self.sign(day.encode())})}

    def bill(self, day, sign):
        """The zip of a day, for whoever has its signed address; None for anybody else."""
        try:
            self.own.public_key().verify(base64.b64decode(sign), day.encode(), *RSA2)
        except (InvalidSignature, ValueError):
            return None
        rows = ["#支付宝业务明细查询", ",".join(HEAD)]
        for path in sorted(self.folder.glob("*.json")):
            trade = json.loads(path.read_text("utf-8"))
            for kind, moment, sign in (("交易", trade.get("paid", ""), ""), ("退款", trade.get("refunded", ""), "-")):
                if moment.startswith(day):
                    cells = [trade[name] for name in ("trade_no", "out_trade_no")] + [kind, trade["subject"], trade["created"], moment]
                    rows.append(",".join(f"{cell}\t" for cell in (*cells, sign + trade["total_amount"], sign + trade["total_amount"], "")))
        rows.append("#业务明细列表结束")
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as files:
            files.writestr(f"{SELLER}_{day}_业务明细.csv", "\r\n".join(rows).encode("gbk"))
            files.writestr(f"{SELLER}_{day}_业务明细(汇总).csv", "#".encode("gbk"))
        return content.getvalue()
