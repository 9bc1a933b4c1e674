"""Stage 10 in the office: legacy records of the annual report system, typed on one page with the whole record."""
from backoffice.editing import Editing
from backoffice.grid import Grid
from models.record import BY_CODE, GROUND
from models.reports import AnnualReport
from views.recording import record_form, record_of, sections

GROUNDS = (("bachelor", "学士"), ("master", "硕士"), ("doctor", "博士"), ("foreign", "境外学位"))
FOLLOWS = ("ZP", "XWSYDWM")            # set by the record itself


class LegacyEditing(Editing):
    """The form of the screen with that of the record below it."""

    def __init__(self, screen, user, row=None, given=None, defaults=None):
        super().__init__(screen, user, row, given, defaults)
        self.record = record_form(row.values if row is not None else {}, given, user, prefix="record-")
        self.ground = (given or {}).get("ground") or (row.values.get(GROUND) if row is not None else None) or GROUNDS[0][0]

    @property
    def record_sections(self):
        return sections(self.record, FOLLOWS)

    def forms(self):
        return [*super().forms(), self.record]

    def values(self):
        return super().values() | {"values": record_of(self.record) | {GROUND: self.ground if self.ground in dict(GROUNDS) else GROUNDS[0][0]}}


class LegacyGrid(Grid):
    details_template = "office/legacy_record.html"
    form_template = "office/legacy_form.html"
    editing = LegacyEditing

    def defaults(self, user):
        """The annual report of the unit for the one term in which the door is open, where it is there."""
        annual = AnnualReport.visible_to(user).where(AnnualReport.state == "open").order_by(AnnualReport.term).first()
        return super().defaults(user) | ({"annual": annual.id} if annual else {})

    def details_extra(self, row):
        return {"fields": BY_CODE.values(), "grounds": dict(GROUNDS), "ground": GROUND}
