"""Stage 9 for everybody: whether a certificate is genuine. Number and name must both fit; the answer is yes or no, the unit and the day.

A number that is not known, one that belongs to somebody else, and a degree that was taken back are told apart by nobody who has not both:
to them they are the same sentence. Whoever has both is told that the degree was taken back."""
from flask import Blueprint, render_template, request

from backoffice.forms import Typed, TypedForm
from backoffice.kinds import Kind
from models.limits import TooOften, count, network
from models.verification import certificate, normal_number
from models.record import unit_name

rooms = Blueprint("verifying", __name__)
TOO_OFTEN = 429


class Certificate(TypedForm):
    """What stands on the certificate."""
    number = Typed("证书编号", Kind(None), must=True, description="16 位数字；2016 年以前授予的前面有字母 T")
    name = Typed("姓名", Kind(None), must=True, description="照证书上印的写")


def counted(kind, number):
    """Count a question of this visitor, and one about this number; the TooOften against it, or None."""
    try:
        count("public.per_address", f"{kind} {network(request.remote_addr)}")
        count("public.per_number", f"{kind} {number}")
    except TooOften as often:
        return often
    return None


def too_often(template, often, **shown):
    """The page that says when it may be asked again."""
    return render_template(template, often=often, **shown), TOO_OFTEN, {"Retry-After": str(often.seconds)}


@rooms.route("/verify", methods=("GET", "POST"))
def verify():
    """The form; a POST asks."""
    form = Certificate(request.form if request.method == "POST" else None, meta={"csrf": False})
    if request.method == "GET" or not form.validate():
        return render_template("site/certificate.html", form=form, asked=False), 200 if request.method == "GET" else 422
    often = counted("verify", normal_number(form.number.data))
    if often:
        return too_often("site/certificate.html", often, form=form, asked=False)
    award = certificate(form.number.data, form.name.data)
    return render_template("site/certificate.html", form=form, asked=True, award=award, unit=award and unit_name(award))
