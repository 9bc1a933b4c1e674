"""Stage 3: the on-site confirmation of a case."""
from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, JSONField, TextField

from models import clock
from models.applications.application import Application
from models.files import File
from models.parameters import value
from models.people import User
from models.reference import Institution
from models.workflow import Reason, Record


class Confirmation(Record):
    """What was done on site: originals seen, camera image and two fingerprints captured (encrypted) or 'cannot be taken' seen by two."""
    label, stage, readers, writers, cleared_with_case = "现场确认", 3, "clerk reviewer", "clerk", True
    editable = ("application", "originals", "scene", "finger_one", "finger_two", "no_fingers_reason", "witness", "form_scan", "biometric_consent", "biometric_refused", "note")
    clashes = {"one_valid": "这件申请已有有效的现场确认", "application": "这件申请已有有效的现场确认"}

    application = ForeignKeyField(Application, backref="confirmations", on_delete="RESTRICT", verbose_name="申请")
    institution = ForeignKeyField(Institution, on_delete="RESTRICT", verbose_name="学位授予单位")
    originals = JSONField(default=list, verbose_name="已核对的原件")
    biometric_consent = BooleanField(default=False, verbose_name="本人同意采集指纹和现场照片")
    biometric_refused = BooleanField(default=False, verbose_name="本人不同意采集", help_text="凭身份证件原件人工核对；统考入场由考点负责人决定")
    scene = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="现场照片")
    finger_one = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="指纹一")
    finger_two = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="指纹二")
    no_fingers_reason = CharField(max_length=120, default="", verbose_name="不能采集指纹的原因")
    witness = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="见证人")
    form_scan = ForeignKeyField(File, null=True, on_delete="RESTRICT", verbose_name="签字的资格审查表")
    confirmed_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="经办人")
    confirmed_at = DateTimeField(default=clock.now, verbose_name="确认时间")
    valid = BooleanField(default=True, verbose_name="有效")
    note = TextField(default="", verbose_name="备注")

    def __str__(self):
        return f"{self.application} 现场确认"

    def gaps(self):
        """Reasons why this confirmation is not complete."""
        found = []
        wanted = value("confirmation.originals", institution=self.institution_id)
        missing = [name for name in wanted if name not in self.originals]
        if missing:
            found.append(Reason("原件没有核对完：" + "、".join(missing), f"{len(wanted)} 件", f"{len(wanted) - len(missing)} 件", f"{len(missing)} 件"))
        if not self.biometric_refused:
            found += self._uncaptured()
        if self.form_scan_id is None:
            found.append(Reason("没有签字的资格审查表扫描件"))
        return found

    def _uncaptured(self):
        """Reasons why picture and prints of somebody who did not refuse them are not complete."""
        found = [] if self.scene_id else [Reason("没有现场照片")]
        if not self.no_fingers_reason:
            taken = sum(f is not None for f in (self.finger_one_id, self.finger_two_id))
            if taken < 2:
                found.append(Reason("指纹没有采集完；不能采集的要写明原因并有第二人见证", "2 枚", f"{taken} 枚", f"{2 - taken} 枚"))
        elif self.witness_id is None:
            found.append(Reason("不能采集指纹时须有第二人见证"))
        elif self.witness_id == self.confirmed_by_id:
            found.append(Reason("见证人必须是另一个人"))
        if not self.biometric_consent and not self.no_fingers_reason:
            found.append(Reason("没有本人对采集指纹和照片的同意"))
        return found

    def faults(self):
        if self.biometric_refused and self.biometric_consent:
            return {"biometric_refused": "同意和不同意采集只能选一项"}
        if self.biometric_refused and any((self.scene_id, self.finger_one_id, self.finger_two_id)):
            return {"biometric_refused": "本人不同意采集，不能保存现场照片和指纹"}
        return {}

    def locks(self):
        return [] if self.application.state in ("submitted", "returned") else [Reason("这件申请已经确认，现场确认记录不能再改", "待确认", self.application.state_label)]


Confirmation.add_index(Confirmation.index(Confirmation.application, unique=True, name="confirmation_one_valid").where(Confirmation.valid))
