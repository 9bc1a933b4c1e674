"""Stage 2: real-name registration. Person, account and role come into being together, and the person is logged in."""
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_security import current_user
from flask_security.utils import hash_password, login_user, validate_redirect_url
from wtforms import BooleanField, PasswordField
from wtforms.validators import EqualTo, InputRequired, ValidationError

from backoffice import challenge
from backoffice.credentials import new_password
from backoffice.forms import TypedForm
from backoffice.logins import record_account
from backoffice.security import home_of
from models import clock
from models.base import writing
from models.consents import record_consent, text_of
from models.identity import document_faults, facts_of, normal_document, normal_name, normal_phone, suggest_pinyin
from models.limits import TooOften, count, network
from models.people import Grant, Person, Role, User
from models.workflow import Refused
from views.site.boxes import box, email_fault

rooms = Blueprint("registration", __name__)
REFUSED, TOO_OFTEN = 422, 429
TAKEN = "这个证件号已经注册过账号，请直接登录或找回密码"
ELSEWISE = "单位已按自己的记录为这个证件号代填申请，登记的姓名或手机与这里填的不一致：请核对，或与单位联系"
COUNTRIES = {"mainland": "156", "taiwan": "158", "hongkong_macau": "", "foreign": ""}      # '' is asked in the application


class RegistrationForm(TypedForm):
    """What a person says once; everything else follows from it or is asked in the application."""
    name = box(Person.name, must=True, description="与证件一致", render_kw={"autocomplete": "name"})
    document_type = box(Person.document_type, must=True)
    document_number = box(Person.document_number, must=True, description="15 位的旧号码会换成 18 位。证件号就是您的登录账号",
                          render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})
    phone = box(Person.phone, must=True, description="境外号码以 + 和国家代码开头", render_kw={"autocomplete": "tel", "inputmode": "tel"})
    email = box(Person.email, must=True, description="通知和找回密码的链接寄到这里", render_kw={"autocomplete": "email", "inputmode": "email"})
    password = new_password("密码")
    password_again = PasswordField("再输入一次密码", [InputRequired("请再输入一次密码"), EqualTo("password", "两次输入的密码不一致")],
                                   render_kw={"autocomplete": "new-password"})
    consent = BooleanField("我已阅读并同意《个人信息处理同意书》", [InputRequired("注册须先阅读并同意个人信息处理同意书")])

    def validate_document_number(self, field):
        fault = document_faults(self.document_type.data, field.data).get("document_number") if field.data else None
        known = None if fault or not field.data else Person.by_document(field.data)
        if known and not known.awaits(normal_name(self.name.data), normal_phone(self.phone.data)):
            fault = TAKEN if known.users.exists() else ELSEWISE
        if fault:
            raise ValidationError(fault)

    def validate_phone(self, field):
        if field.data and not normal_phone(field.data):
            raise ValidationError(f"手机：要求真实的号码，实际“{field.data}”；境外号码以 + 和国家代码开头")

    def validate_email(self, field):
        fault = email_fault(field.data, field.label.text) if field.data else ""
        if fault:
            raise ValidationError(fault)

    def validate_password(self, field):
        faults, _ = current_app.extensions["security"].password_util.validate(field.data, True, username=self.email.data or "")
        if faults:
            raise ValidationError("；".join(faults))


@rooms.route("/register", methods=("GET", "POST"))
def register():
    """The form; after it the person is where he came from, or at his case. What was refused counts: nobody finds out by trying which numbers
    are registered."""
    if current_user.is_authenticated:
        return redirect(home_of(current_user))
    form, reasons = RegistrationForm(request.form if request.method == "POST" else None, document_type="01"), []
    onward = request.values.get("next", "")
    if request.method == "POST" and form.validate():
        against = challenge.fault()
        try:
            if against:
                raise Refused([against])
            user = enrol(form)
        except Refused as refused:
            reasons = [*refused.reasons, *form.show(refused)]
        else:
            login_user(user, authn_via=["password"])
            flash("注册完成。以后用证件号或电子邮箱登录。", "ok")
            return redirect(onward if onward and validate_redirect_url(onward) else home_of(user))
    status = 200
    if request.method == "POST":
        status = REFUSED
        try:
            count("register.per_address", network(request.remote_addr), "填报")
        except TooOften as often:
            form, reasons, status = RegistrationForm(None, document_type="01"), often.reasons, TOO_OFTEN
    return render_template("site/register.html", form=form, reasons=reasons, onward=onward, version=text_of("privacy").version, taken=TAKEN,
                           challenged=challenge.wanted()), status


def enrol(form):
    """Person, account and role in one transaction; a person whom a unit entered before is the same person."""
    kind, number, name = form.document_type.data, normal_document(form.document_number.data), normal_name(form.name.data)
    email, password = form.email.data.lower(), hash_password(current_app.extensions["security"].password_util.normalize(form.password.data))
    agreed = {"email": email, "consent_version": text_of("privacy").version, "consented_at": clock.now()}
    with writing():
        known = Person.by_document(number)
        person = known.change(None, reason="实名注册", **agreed) if known else Person.add(
            None, name=name, name_pinyin=suggest_pinyin(name)[:60], document_type=kind, document_number=number,
            country=COUNTRIES[Person(document_type=kind, country="").kind], phone=normal_phone(form.phone.data), **agreed, **facts_of(kind, number))
        user = User.add(None, name=name, email=email, password=password, person=person, fs_uniquifier=uuid4().hex)
        Grant.add(None, user=user, role=Role.get(Role.name == "applicant"))
        record_consent(user, person, "privacy")
        record_account(user, "register", "实名注册")
    return user
