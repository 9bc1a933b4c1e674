"""A step on a list too long for one request: a job takes it row by row and brings back a sheet of those that were refused."""
import datetime as dt

from backoffice.actions import Taking
from models.workflow import Record
from tasks import bulk_steps
from tasks.jobs import submit


class Bulk(Taking):
    """A step about to be taken on the rows of a whole list; the number is always written once more."""
    careful = True

    def __init__(self, step, user, kind: type[Record], ids, given=None):
        super().__init__(step, user, kind, [int(id) for id in ids], list, given)

    @property
    def number(self):
        return len(self.ids)

    def ready(self):
        """Whether everything that is asked has been answered; a list beyond measure is refused."""
        right = super().ready()
        if self.number > bulk_steps.MOST:
            self.again_fault = f"一次最多 {bulk_steps.MOST:,} 项：实际 {self.number:,} 项，差 {self.number - bulk_steps.MOST:,} 项。请先筛选"
        return right and not self.again_fault

    def order(self):
        """The job that takes the step."""
        answers = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.answers.items()}
        return submit(bulk_steps.KIND, f"{self.step.label} {self.number:,} 项{self.kind.label}", self.user, self.given.get("order_key", ""), entity=self.kind.__name__, step=self.step.name,
                      ids=self.ids, answers=answers)
