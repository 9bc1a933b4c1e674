"""Stage 3: the templates of two fingers of a case. Sealed, read by nobody, in no history; they go with a dismissal and after the award."""
from peewee import BlobField, Check, DateTimeField, ForeignKeyField, IntegerField

from models import clock, sealed
from models.applications import Application
from models.audit import record
from models.base import Entity, writing
from models.fingerprints import matcher
from models.parameters import value
from models.workflow import Reason, Refused

FINGERS = {"finger_one": 1, "finger_two": 2}       # field of the confirmation -> which of the two


class FingerTemplate(Entity):
    """One finger. The cipher text names its key, and opens for this case and this finger only."""
    label, stage, seen_through, cleared_with_case = "指纹模板", 3, "application", True

    application = ForeignKeyField(Application, backref="finger_templates", on_delete="RESTRICT", verbose_name="申请")
    finger = IntegerField(verbose_name="手指")
    kept = BlobField(verbose_name="加密的模板")
    quality = IntegerField(verbose_name="质量")
    minutiae = IntegerField(verbose_name="特征点数")
    taken_at = DateTimeField(default=clock.now, verbose_name="采集时间")

    class Meta:
        table_name = "finger_template"
        constraints = [Check("finger in (1, 2)")]
        indexes = ((("application", "finger"), True),)

    @property
    def place(self):
        """What the cipher text is bound to: moved to another person or finger it does not open."""
        return f"finger_template.{self.application_id}.{self.finger}"

    @property
    def template(self):
        """The template in clear: for the matcher and for nothing else."""
        return sealed.unseal(bytes(self.kept), self.place)


def judged(data):
    """The Print of a capture that is good enough to be kept; Refused with what it lacks."""
    found, least = matcher.read(data), value("fingers.quality")
    if found.quality < least or not found.minutiae:
        raise Refused([Reason("指纹图像质量不够，请擦净手指和采集面，重新采集", f"不低于 {least}", str(found.quality), f"{max(1, least - found.quality)}")])
    return found


def enrol(by, case, finger, found):
    """Keep a Print as the template of one finger of a case, in the place of an earlier one; the log says that it was done, never what it is."""
    row = FingerTemplate.get_or_none(FingerTemplate.application == case, FingerTemplate.finger == finger) or FingerTemplate(application=case, finger=finger)
    with writing():
        row.kept, row.quality, row.minutiae, row.taken_at = sealed.seal(found.template, row.place), found.quality, found.minutiae, clock.now()
        row.save()
        record(by, row, "enrol", "登记指纹")
    return row


def enrolled(case_id):
    """The templates of a case."""
    return list(FingerTemplate.select().where(FingerTemplate.application == case_id))


def likeness(templates, data):
    """The best score of a new capture against templates; 0 when there is no print in it. Refused when it is no picture."""
    found = matcher.read(data, judging=False)
    return max((matcher.score(row.template, found.template) for row in templates), default=0)
