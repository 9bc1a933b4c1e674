"""Stage 10: four eyes over a report, where the unit asks for them - a reviewer checks what would be reported, somebody else reports just that."""
from models.parameters import value
from models.record import digest_of
from models.workflow import Reason


class Checking:
    """What a Report knows of its check: by whom, and the digest of what was checked."""

    @property
    def content(self):
        """Digest of what would be reported now."""
        return digest_of([row.values for row in self.extracted])

    @property
    def four_eyes(self):
        return value("report.four_eyes", institution=self.institution_id)

    def unchecked(self, act):
        """没有由另一人复核，或复核之后内容有变（单位要求两人办理时）"""
        if not self.four_eyes:
            return None
        if self.checked_by_id is None:
            return Reason("本单位的报送由两个人办理：请审核人员先复核")
        if self.checked_by_id == act.by.id:
            return Reason("本单位的报送由两个人办理：复核的人不能自己报送")
        return None if self.checked_digest == self.content else Reason("复核之后学位信息又有改动，请重新复核")

    def no_check_asked(self, act):
        """本单位不要求复核"""
        return None if self.four_eyes else Reason("参数“报送须由两人办理”没有启用，不必复核")

    def checked(self, act):
        self.checked_by, self.checked_digest = act.by, self.content
