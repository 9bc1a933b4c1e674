"""Stages 7 to 9: what follows for a case from other records, whose steps move it, and its end."""
from models.clearing import clear
from models.parameters import values
from models.workflow import Reason


class Following:
    """The side of an Application that is moved by what other records say."""

    def no_open_request(self, act):
        """没有已提交的答辩申请"""
        return None if self._has("defence_requests", "submitted") else Reason("没有已提交的答辩资格申请")

    def no_approved_request(self, act):
        """答辩申请没有审核通过"""
        return None if self._has("defence_requests", "approved") else Reason("答辩资格申请没有审核通过")

    def no_passed_defence(self, act):
        """论文答辩没有通过"""
        return None if self._has("defences", "passed") else Reason("论文答辩没有通过")

    def no_award(self, act):
        """没有学位授予记录"""
        return None if self._has("awards", "awarded") else Reason("没有学位授予记录")

    def _has(self, backref, state):
        return any(row.state == state for row in getattr(self, backref))

    def already_awarded(self, act):
        """已授予学位"""
        return Reason("已授予学位的人不能清退") if self._has("awards", "awarded") else None

    def only_by_proposal(self, act):
        """单位要求清退由两人办理或设有冷静期"""
        rules = (("dismissal.four_eyes", "本单位的清退须由两人办理"), ("dismissal.cool_off_days", "本单位的清退设有冷静期"))
        asked = values(*dict(rules), institution=self.institution_id)
        found = [sentence for name, sentence in rules if asked[name]]
        return Reason(f"{'；'.join(found)}：请先提出清退，再由审核人决定") if found else None

    def no_approved_change(self, act):
        """没有批准的延长年限或变更学科"""
        return None if self._has("extensions", "approved") or self._has("programme_changes", "approved") else Reason("没有批准的延长或变更")

    def no_approved_dismissal(self, act):
        """没有批准的清退"""
        return None if self._has("dismissals", "approved") else Reason("没有批准的清退")

    def no_final_dismissal(self, act):
        """清退没有办结"""
        return None if self._has("dismissals", "done") else Reason("清退没有办结")

    def no_restored_dismissal(self, act):
        """清退没有撤销"""
        return None if self._has("dismissals", "restored") else Reason("清退没有撤销")

    def extended(self, act):
        self.deadline = act["until"]

    def moved(self, act):
        """Another programme of the unit: its credits are the measure from now on, the date of entry and the deadline stay."""
        programme = act["programme"]
        self.programme, self.college, self.discipline = programme, programme.college_id, programme.discipline_id
        self.min_credits, self.plan = programme.min_credits, programme.plan_on(act.at.date())

    def as_before(self, act):
        """Back in exactly the state in which it was frozen."""
        self.state = act["state"]

    def let_go(self, act):
        """Whoever asked for the release has his answer."""
        for request in self.release_requests.where(self.release_requests.model.state == "open"):
            request.release(by=act.by)

    def _emptied(self):
        """Nothing that was filled in stays."""
        for name in (*self.editable, "opinion", "returned_reason", "extra", "photo"):
            default = self._meta.fields[name].default
            setattr(self, name, default() if callable(default) else default)

    def purged(self, act):
        """A withdrawn case that was kept long enough: its contents and papers go, the stump stays."""
        self._emptied()
        self.save()                # let go of the photo before its file row goes
        self.cleared = clear(self) or {"填报内容": 1}

    def clear_case(self, act):
        """Remove the case's work in this transaction and keep the stump: who, unit, ground, when, counts of what was cleared."""
        self.let_go(act)
        self._emptied()
        for payment in self.payments.where(self.payments.model.state == "open"):
            payment.close()        # nothing is left to be paid for
        for entry in self.exam_entries:
            if entry.live:
                entry.leave_place(entry.site_id)
        self.dismissed_at, self.dismissal_ground, self.dismissal_reason = act.at, act["ground"], act.reason
        self.save()                # let go of the photo before its file row goes
        self.cleared = clear(self)
