"""Stage 6 of the demo: who pays how, whose money comes too late, who gets it back; sittings in another province; statements of a few days."""
from decimal import Decimal

from models import clock
from models.exams.arriving import Money, arrive
from models.exams.elsewhere import ask_elsewhere
from models.exams.statements import booked, draw_up
from models.exams.tries import begin
from tasks.demo.cases import days
from tasks.demo.cast import LARGE

PROVIDER = "alipay"            # what was paid in the past; what is open now is paid at the gateway of the demo
OFFLINE = 3                    # of so many who pay one does it offline; the first two of those get their money back
ELSEWHERE = {"11": "31", "31": "11"}


def settle(world, life, name, outcome, entries):
    """What becomes of the payment of somebody who has just entered."""
    payment, turn = entries[0].payment, world.turn("open" if name == 0 else "past", outcome)
    if outcome == "withdrawn":
        entries[0].withdraw(by=life.user)
    elif outcome == "unpaid":
        if turn % 2:
            begin(payment, "local", life.user)
    elif outcome == "void":
        attempt = begin(payment, PROVIDER, life.user)
        if turn % 2:
            yield world.sittings[name].day + days(15)
            came(attempt)
            if turn % 4 == 1:
                attempt.confirm_refund(by=None)
    elif turn % OFFLINE == 0:
        payment.record(by=world.exam, reference=f"汇款 {clock.today():%m%d}-{life.case.id:04d}")
        if name == 0 and turn <= 2 * OFFLINE:
            refund(world, payment, done=turn > OFFLINE)
    else:
        came(begin(payment, PROVIDER, life.user))


def came(attempt):
    """The provider says that it has the money."""
    arrive(PROVIDER, Money(attempt.number, attempt.amount, f"{clock.today():%Y%m%d}2200140000{attempt.id:010d}", clock.now()))


def refund(world, payment, done):
    """The exam office gives the fee back."""
    payment.refund(by=world.exam, reason="本人因病不能参加考试，申请退费")
    if done:
        payment.record_refund(by=world.exam, reference=f"退 {clock.today():%m%d}-{payment.id:04d}")


def place(world, life, sitting):
    """The site where somebody sits; of the first of each large unit one asks for another province, one is allowed it, one is not, one thinks again."""
    own = life.case.institution.province.code
    turn = world.turn("elsewhere", own) if sitting is world.sittings[0] and life.plan.unit in LARGE else 0
    if 1 <= turn <= 4:
        site = world.sites[ELSEWHERE[own]][0]
        asked = ask_elsewhere(life.case, sitting.row, site.province, "长期在外地工作，往返不便", life.user)
        clerk = world.staff[life.plan.unit, "clerk"]
        if turn == 2:
            asked.agree(by=clerk)
            return site
        if turn == 3:
            asked.refuse(by=clerk, reason="单位所在省设有考点，名额充足")
        elif turn == 4:
            asked.withdraw(by=life.user)
    return world.rng.choice(world.sites[own])


def statements(world):
    """Three days of the last session: one is even, one has a difference that was explained, one has a difference still."""
    sitting = world.sittings[1]
    yield sitting.day + days(1)
    for back, state in ((5, "even"), (6, "settled"), (7, "open")):
        day = sitting.day - days(back)
        strange = {} if state == "even" else {("paid", f"{day:%Y%m%d}{back:024x}"): Decimal(100)}
        row = draw_up(PROVIDER, day, booked(PROVIDER, day) | strange)
        if state == "settled":
            row.explain(by=world.exam, remark="支付机构的测试交易，已由对方冲销")
