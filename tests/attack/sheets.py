"""Every form of every page, as a browser would send it: its address, its fields with what stands in them, and which of them hold typed text."""
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html

TYPED = ("text", "search", "email", "tel", "url", "password", "number", "date", "time", "datetime-local", None)
LEADS_AWAY = ("/logout", "/gateway/")


@dataclass(frozen=True)
class Sheet:
    """One form with one of its buttons."""
    method: str
    path: str
    fields: tuple = ()                              # (name, value) as they stand
    typed: tuple = field(default=(), hash=False)    # names of the boxes that people type into
    asked: frozenset = frozenset()                  # names of all its boxes, also of those that are not ticked
    files: tuple = field(default=(), hash=False)    # names of the boxes that take a file

    @property
    def shape(self):
        """What tells it from other forms, but not from the same form about another row."""
        parts = urlsplit(self.path)
        return self.method, "".join("#" if sign.isdigit() else sign for sign in parts.path), tuple(sorted({name for name, _ in self.fields}))

    def filled(self, text):
        """The fields with a text in every box that people type into."""
        return {name: (text if name in self.typed else value) for name, value in self.fields}

    def flooded(self, text):
        """The fields with a text in every one of them."""
        return {name: text for name, _ in self.fields}


def sheets_of(path, answer):
    """The Sheets of a page."""
    if answer.kind != "text/html" or not answer.data:
        return
    for form in html.fromstring(answer.data).forms:
        boxes = {box.get("name"): box for box in form.iterfind(".//*[@name]")}
        typed = tuple(name for name, box in boxes.items() if box.tag == "textarea" or box.tag == "input" and box.get("type") in TYPED)
        files = tuple(name for name, box in boxes.items() if box.tag == "input" and box.get("type") == "file")
        fields = [(name, "") for name in typed] + [(name, value) for name, value in form.form_values() if name and name != "csrf_token"]
        for button in (button for button in form.iterfind(".//button") if button.get("type", "submit") == "submit"):
            action = urljoin(path, button.get("formaction") or form.get("action") or path)
            pressed = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
            method = (button.get("formmethod") or form.method or "GET").upper()
            if not action.startswith(LEADS_AWAY):
                yield Sheet(method, action if method == "POST" else action.partition("?")[0], tuple(fields + pressed), typed, frozenset(boxes), files)
