"""Stage 2: what stands against submitting a case, and what becomes of it by that."""
import datetime as dt

from models.parameters import within_window
from models.serials import Serial
from models.workflow import Reason

LIVE = ("draft", "submitted", "returned", "confirmed", "registered", "defence_requested", "defence_admitted", "defended")
ON_REGISTER = ("registered", "defence_requested", "defence_admitted", "defended")
ALWAYS_NEEDED = ("degree_unit", "degree_date", "degree_subject", "degree_number", "graduated_from", "language", "employer")


class Submitting:
    """The side of an Application that its person hands in."""

    def missing_fields(self):
        """{field name: label} of what must be filled before submitting; depends on the kind of person and of degree."""
        needed = [name for name in ALWAYS_NEEDED if not getattr(self, name)]
        if self.foreign_degree and not self.certification_number:
            needed.append("certification_number")
        if self.degree_ground == "bachelor" and not self.foreign_degree and not self.degree_category:
            needed.append("degree_category")
        found = {name: self._meta.fields[name].verbose_name for name in needed}
        person = self.person
        wanted = {"mainland": ("ethnic_group", "political_status"), "hongkong_macau": ("ethnic_group",), "taiwan": ("ethnic_group",)}.get(person.kind, ())
        found.update({name: person._meta.fields[name].verbose_name for name in ("sex", "birth_date", "name_pinyin", "country", *wanted) if not getattr(person, name)})
        if self.photo_id is None:
            found["photo"] = "照片"
        return found

    def incomplete(self, act):
        """必填内容没有填完"""
        missing = self.missing_fields()
        return Reason(f"还有 {len(missing)} 项没有填写：{'、'.join(missing.values())}") if missing else None

    def outside_window(self, act):
        """不在申请时间内"""
        if self.state == "returned":
            return None                # the unit itself sent it back, and may do so when its windows are over
        if self.programme.state != "published":
            return Reason("这个学科已经关闭，不再接受申请")
        return within_window(self.programme.apply_from, self.programme.apply_until, "申请")

    def other_live_case(self, act):
        """本人另有在办的申请"""
        kind = type(self)
        other = kind.select().where(kind.person == self.person_id, kind.state.in_(LIVE), kind.id != self.id).first()
        if other is None:
            return None
        if other.state in ON_REGISTER:
            return Reason(f"已入册：您在 {other.institution} 在册（{other.discipline}），不能再申请；请先在该单位办理退出")
        return Reason(f"您在 {other.institution} 已有一件申请（{other.state_label}），一人同时只能有一件")

    def numbered(self, act):
        self.submitted_at, self.returned_reason = act.at, ""
        if self.number is None:
            key = f"{self.year}{self.institution.code}"
            self.number = f"{key}{Serial.take('application.' + key):06d}"


def latest_bachelor_date(year, years=3):
    """31 March, `years` before the year of application or exam: the last day on which a bachelor's degree counts."""
    return dt.date(year - years, 3, 31)
