"""Stages 3 and 4: what stands against confirming and judging a case, and what becomes of it by that."""
from models import bulk, clock
from models.audit import record_many
from models.base import on_sqlite
from models.parameters import value, within_window
from models.serials import Serial
from models.workflow import Reason


class Reviewing:
    """The side of an Application that its unit confirms and judges."""

    @property
    def confirmation(self):
        """The confirmation on site that holds; None when there is none."""
        return next((row for row in self.confirmations if row.valid), None)

    @staticmethod
    def gathered(cases):
        """The confirmations that the guards of confirming and judging ask for."""
        bulk.theirs(type(cases[0]).confirmations.field, {case.id: case for case in cases})

    def sent_back(self, act):
        self.returned_reason = act.reason

    def void_confirmation(self, act):
        self.void_confirmations([self], act)

    @staticmethod
    def void_confirmations(cases, act):
        """The same for many cases of one transaction."""
        if not act["void_confirmation"]:
            return
        kind = type(cases[0]).confirmations.rel_model
        valid = kind.select().where(bulk.among((kind.application,), [case.id for case in cases]), kind.valid)
        if rows := list(valid if on_sqlite() else valid.order_by(kind.id).for_update()):
            bulk.update(kind, ("valid",), [(row.id, row.edition, False) for row in rows])
            record_many(act.by, [(row, "void", "作废", {"valid": [True, False]}, act.reason) for row in rows])

    def confirmed(self, act):
        self.confirmed_at = act.at

    def judged(self, act):
        self.reviewed_at, self.reviewer, self.opinion = act.at, act.by, act["opinion"]

    def enter_register(self, act):
        """Passing and entering the register are one step: number, date of entry, and the limits in force now."""
        self.judged(act)
        programme = self.programme
        self.registered_on, self.year_limit, self.min_credits = act.at.date(), programme.year_limit, programme.min_credits
        self.deadline, self.plan = clock.years_after(self.registered_on, self.year_limit), programme.plan_on(self.registered_on)
        key = f"{self.institution.code}-{self.registered_on.year}"
        self.register_number = f"{key}-{Serial.take('register.' + key):05d}"

    def not_confirmed(self, act):
        """没有完整有效的现场确认记录"""
        confirmation = self.confirmation
        return Reason("还没有现场确认记录，请先在确认台办理") if confirmation is None else confirmation.gaps()

    def outside_confirmation(self, act):
        """不在现场确认时间内（已经确认过一次的除外）"""
        return None if self.confirmed_at else within_window(self.programme.confirm_from, self.programme.confirm_until, "现场确认")

    def same_hands(self, act):
        """现场确认人与审核人是同一账号（单位要求四眼时）"""
        if not value("review.four_eyes", institution=self.institution_id):
            return None
        confirmation = self.confirmation
        if confirmation and act.by and confirmation.confirmed_by_id == act.by.id:
            return Reason("现场确认和审核要求由两个人办理")
