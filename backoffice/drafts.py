"""A text for a screen that IT staff have in hand: what is wrong with it, what it would change, how it would look to a role, and its taking effect."""
import difflib
from functools import cached_property

from backoffice.screens import Problems
from backoffice.screens.changing import differences, effective, written
from backoffice.screens.invented import as_role, details, table
from backoffice.screens.layers import SITE
from models import extras
from models.screens import ScreenVersion, applied
from models.workflow import Refused


class Draft:
    """A text in the place of what is applied of the screen `name`, or of the site file."""

    def __init__(self, screens, name, text=None):
        self.screens, self.name, self.versions = screens, name, applied()
        self.row = self.versions.get(name)
        self.text = self.live if text is None else text.replace("\r\n", "\n")

    @property
    def live(self):
        """The text that is applied, empty without any."""
        return self.row.text if self.row else ""

    @property
    def number(self):
        """The number of the version that is applied, 0 without any."""
        return self.row.number if self.row else 0

    def fill(self, form):
        """Write what the form says into the text."""
        present = self.screens.get(self.name)
        labels = {step.name: step.label for step in present.steps} if present else {}
        self.text = written(self.text, self._values({self.name: self.text}), form, labels)

    @cached_property
    def _tried(self):
        try:
            return [], *self.screens.tried(self.versions, {self.name: self.text})[:2]
        except Problems as wrong:
            return wrong.found, None, {}

    @property
    def problems(self):
        return self._tried[0]

    @property
    def screen(self):
        """The screen as it would be, else as it is; None for the site file and for one that cannot be yet."""
        return (self._tried[1] or self.screens).get(self.name)

    @cached_property
    def hints(self):
        """Sentences about choices that the text takes away from rows that have them."""
        now = self.screens.fields
        return extras.unlisted({model: {name: field for name, field in fields.items() if field.choices and name in now.get(model, {}) and field.choices != now[model][name].choices}
                                for model, fields in self._tried[2].items()})

    @cached_property
    def values(self):
        """{key: value} as they would be in force."""
        return self._values({self.name: self.text})

    @cached_property
    def changes(self):
        """The Changes to what is live."""
        return differences(self._values({}), self.values)

    def _values(self, changed):
        layers, site = self.screens.layers(self.versions, changed)
        return effective(self.name, site if self.name == SITE else layers.get(self.name, []))

    @property
    def prints(self):
        """[(name, label)] of the forms that the shipped screens let the screen print, whether or not it offers them."""
        given = {name for role in self.screen.roles for name in self.screens.given.prints.get((self.screen.model, role), ())} if self.screen.grid else set()
        return [(form.name, form.label) for form in self.screens.forms.values() if form.name in given]

    @property
    def upgrade(self):
        """The lines in which the shipped file differs from the one over which the present version was applied."""
        text = self.screens.file_text(self.name)
        if not self.live or not self.row.shipped or self.row.shipped == text:
            return []
        return list(difflib.unified_diff(self.row.shipped.splitlines(), text.splitlines(), "应用时的出厂文件", "现在的出厂文件", lineterm="", n=1))

    def preview(self, role):
        """The list and the page of a row as a role would see them, with invented rows; None for a role that does not open the screen."""
        if self.problems or self.screen is None or role not in self.screen.roles:
            return None
        user = as_role(role)
        seen = self.screen.seen_by(user)
        return {"screen": seen, "rows": table(seen), "details": details(seen), "steps": seen.steps_of(user), "extras": seen.extras,
                "prints": list(seen.printed_by(user).values())}

    def apply(self, by, reason, seen):
        """The ScreenVersion that the text has become; Refused with every reason against it."""
        if self.problems:
            raise Refused(self.problems)
        if not reason:
            raise Refused(["请写明理由"])
        version = ScreenVersion.apply(by, self.name, self.text, self.screens.file_text(self.name), reason[:200], seen)
        self.screens.refresh()
        return version
