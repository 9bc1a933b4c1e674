"""The forms of log-in, of the link by mail and of new passwords, and the rules for a password."""
from flask import current_app
from flask_security import forms
from flask_security.password_util import PasswordUtil
from flask_security.utils import hash_password, validate_redirect_url
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from backoffice import logins
from models.people import find_account

SHORTEST = 8
IDENTITY = "用户名、电子邮箱或证件号"


def old_password(label):
    return PasswordField(label, [InputRequired(f"请填写{label}")], render_kw={"autocomplete": "current-password"})


def new_password(label="新密码"):
    return PasswordField(label, [InputRequired(f"请填写{label}")], description=f"至少 {SHORTEST} 个字符，不含用户名",
                         render_kw={"autocomplete": "new-password"})


def once_more(of):
    return PasswordField("再输入一次新密码", [InputRequired("请再输入一次新密码"), EqualTo(of, "两次输入的新密码不一致")],
                         render_kw={"autocomplete": "new-password"})


class LoginForm(forms.LoginForm):
    """One field for every kind of identity, called email because the library looks for that, and a password."""
    email = StringField(IDENTITY, name="identity", render_kw={"autocomplete": "username"})
    password = PasswordField("密码", render_kw={"autocomplete": "current-password"})
    remember = submit = None

    def validate_next(self, field):
        """An address outside is dropped; it is no reason against the log-in."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""

    def validate(self, **kwargs):
        """Whether the log-in may go on: the same sentence and the same work for an account that does not exist."""
        if not super(forms.LoginForm, self).validate(**kwargs):
            return False
        identity, password = self.email.data or "", self.password.data or ""
        if not identity.strip() or not password:
            self.form_errors.append("请填写账号和密码。")
            return False
        user = find_account(identity)
        allowed = logins.take_try(user, identity)
        if not self.right(user if allowed else None, password):
            verb = ("login_failed", "登录失败", identity) if allowed else ("login_locked", "锁定中尝试登录")
            logins.record_account(user, *verb)
            self.form_errors.append(logins.sentence(user, identity))
            return False
        logins.forgive(user)
        if not user.active:
            self.form_errors.append("这个账号已停用。需要恢复时，请联系本单位的管理员。")
            return False
        self.user, self.user_authenticated = user, True
        return True

    @staticmethod
    def right(user, password):
        """Whether this is the user's password; without a user as much work is done for nothing."""
        password = current_app.extensions["security"].password_util.normalize(password)
        if user is None or not user.password:
            hash_password(password)
            return False
        return user.verify_and_update_password(password)


class ForgotForm(forms.ForgotPasswordForm):
    """Whose password was forgotten: any kind of identity. The answer is the same whether the account exists or not."""
    email = StringField(IDENTITY, name="identity", render_kw={"autocomplete": "username"})
    submit = None

    def validate(self, **kwargs):
        self.user = find_account(self.email.data) if super(forms.ForgotPasswordForm, self).validate(**kwargs) else None
        return self.user is not None and self.user.active and bool(self.user.email)


class ResetForm(forms.ResetPasswordForm):
    """The new password behind a one-time link."""
    password = new_password()
    password_confirm = once_more("password")
    submit = None


class PasswordForm(forms.ChangePasswordForm):
    """The new password of somebody who is logged in and knows the present one."""
    password = old_password("现在的密码")
    new_password = new_password()
    new_password_confirm = once_more("new_password")
    submit = None


class PasswordRules(PasswordUtil):
    """A password has at least eight characters and does not hold the user name."""

    def validate(self, password, is_register, user=None, username="", **answers):
        """([sentences] or None, the password in its normal form)."""
        password = self.normalize(password)
        names = [name.lower() for name in (username, user and user.username, user and user.email) if name]
        if len(password) < SHORTEST:
            return [f"密码太短：要求至少 {SHORTEST} 个字符，实际 {len(password)} 个，差 {SHORTEST - len(password)} 个"], password
        if any(name in password.lower() for name in names):
            return ["密码不能包含用户名或电子邮箱"], password
        return None, password
