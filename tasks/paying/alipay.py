"""Alipay: the page on which one pays, its signed messages, and its answers about payments, refunds and the bill of a day."""
import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal, InvalidOperation
from functools import cached_property
from urllib.request import urlopen

from models.exams.arriving import Money
from models.exams.payments import payment_ends

PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")
FAILURES = (OSError, ValueError, KeyError, zipfile.BadZipFile)       # what may be tried again later
BILL = {"交易": "paid", "退款": "refunded"}
PATIENCE = 15           # seconds that the provider has for an answer


class Untrue(Exception):
    """A message that is not believed; `verdict` says why."""

    def __init__(self, verdict):
        self.verdict = verdict
        super().__init__(verdict)


class Alipay:
    """One application at one gateway. `keys` gives (own private key, public key of the provider) as PEM, and is asked when there is something
    to sign or to verify; signatures are RSA2."""

    def __init__(self, app_id, seller_id, keys, gateway, notify_url, name="alipay", label="支付宝"):
        self.app_id, self.seller_id, self.gateway, self.name, self.label = app_id, seller_id, gateway, name, label
        self.keys, self.notify_url = keys, notify_url

    @cached_property
    def sdk(self):
        from alipay import AliPay
        own, theirs = self.keys()
        sdk = AliPay(appid=self.app_id, app_notify_url=self.notify_url, app_private_key_string=own, alipay_public_key_string=theirs, sign_type="RSA2")
        sdk._gateway = self.gateway
        return sdk

    def page(self, attempt, back):
        """The address at which a PaymentTry is paid; afterwards the payer comes to `back`."""
        ends = payment_ends(attempt.payment.session)
        return f"{self.gateway}?" + self.sdk.api_alipay_trade_page_pay(
            subject=f"{attempt.payment.session} 报名费", out_trade_no=attempt.number, total_amount=f"{attempt.amount:.2f}", return_url=back,
            time_expire=f"{ends} 23:59:59")

    def read(self, form):
        """The Money of a message, None when it says that nothing was paid; Untrue when it is not from the provider, or not about us."""
        values = {name: str(value) for name, value in form.items()}
        if not self._genuine(values, values.pop("sign", "")):
            raise Untrue("signature")
        if values.get("app_id") != self.app_id:
            raise Untrue("app")
        if values.get("seller_id") != self.seller_id:
            raise Untrue("seller")
        if {values.get(name, "CNY") for name in ("currency", "trans_currency", "charge_currency", "settle_currency")} != {"CNY"}:
            raise Untrue("currency")
        return money(values, "gmt_payment") if values.get("trade_status") in PAID else None

    def _genuine(self, values, sign):
        from alipay.exceptions import AliPayException
        try:
            return values.get("sign_type") == "RSA2" and self.sdk.verify(dict(values), sign)
        except (ValueError, AliPayException):
            return False

    def ask(self, number):
        """The Money that the provider has for a number, None when it has none; one of FAILURES when it does not answer."""
        answer = self._called("api_alipay_trade_query", out_trade_no=number)
        if answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return None
        self._refused(answer)
        return money(answer, "send_pay_date") if answer["trade_status"] in PAID else None

    def stop(self, number):
        """See to it that nothing is paid under a number any more."""
        answer = self._called("api_alipay_trade_close", out_trade_no=number)
        if answer.get("sub_code") != "ACQ.TRADE_NOT_EXIST":
            self._refused(answer)

    def give_back(self, number, amount):
        """Send money back, once however often it is asked."""
        self._refused(self._called("api_alipay_trade_refund", refund_amount=f"{amount:.2f}", out_trade_no=number, out_request_no=number))

    def bill(self, day):
        """{(kind, number): yuan} of what the provider received and returned on a day."""
        answer = self._called("server_api", "alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": str(day)})
        self._refused(answer)
        with urlopen(answer["bill_download_url"], timeout=PATIENCE) as file:
            return lines_of(file.read())

    def _called(self, name, *words, **values):
        """What the provider answers to a call of its kit; ValueError where the kit cannot make sense of it."""
        from alipay.exceptions import AliPayException, AliPayValidationError
        try:
            return getattr(self.sdk, name)(*words, **values)
        except (AliPayException, AliPayValidationError) as error:
            raise ValueError(str(error)) from error

    @staticmethod
    def _refused(answer):
        if answer.get("code") != "10000":
            raise ValueError(f"{answer.get('sub_code') or answer.get('code')} {answer.get('sub_msg') or answer.get('msg')}")


def money(values, moment):
    """The Money that the fields of a message or an answer speak of."""
    try:
        return Money(values["out_trade_no"], Decimal(values["total_amount"]), values["trade_no"], dt.datetime.fromisoformat(values[moment]))
    except (KeyError, ValueError, InvalidOperation):
        raise Untrue("unreadable") from None


def lines_of(content):
    """The lines of a bill: a zip with GBK tables, of which the one with the single trades counts."""
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        names = [name for name in files.namelist() if "汇总" not in name and "汇总" not in name.encode("cp437", "ignore").decode("gbk", "ignore")]
        text = files.read(names[0]).decode("gbk")
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text)) if row and not row[0].startswith("#")]
    head = rows[0]
    number, kind, amount = (head.index(name) for name in ("商户订单号", "业务类型", "订单金额（元）"))
    return {(BILL[row[kind]], row[number]): abs(Decimal(row[amount])) for row in rows[1:] if row[kind] in BILL}
