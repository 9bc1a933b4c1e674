"""A visitor in a real Chromium who has no mouse: everything is reached by Tab and pressed by Enter, space and arrows, and wherever the focus comes to it
must be seen."""
import re


from tests.visitors import PATIENCE, BrowserVisitor

FARTHEST = 400            # presses of Tab after which something counts as out of reach
MARK = "node => { window.wanted = node; }"
# Where the focus is, seen from what is wanted (0: on it, 1: before it, -1: behind it), and what is wrong with it there
LOOK = """() => {
    const at = document.activeElement, wanted = window.wanted, said = at.outerHTML.slice(0, 160);
    if (!wanted.isConnected) return [0, "what was wanted is gone"];
    const way = at === wanted ? 0 : at.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
    if (at === document.body || at.matches("main")) return [way, ""];
    const { outlineStyle, outlineWidth } = getComputedStyle(at), box = at.getBoundingClientRect();
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return [way, "no ring: " + said];
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const over = x < 0 || y < 0 || x > innerWidth || y > innerHeight ? null : document.elementFromPoint(x, y);
    if (!over) return [way, "out of sight: " + said];
    return [way, over === at || at.contains(over) || over.contains(at) || over.closest("label")?.control === at ? "" : `behind ${over.outerHTML.slice(0, 80)}: ${said}`];
}"""
LIT = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent"
LEAVES = "node => node.matches('a[href]:not([data-dialog], [data-do], [href^=\\'#\\'])') || node.type === 'submit' && !node.form?.matches('[data-confirming]')"


class KeyboardVisitor(BrowserVisitor):
    """What a person does who only types. Every place where the focus was not seen is in `wrong`."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.keys = self.page.keyboard
        self.page.set_default_timeout(6 * PATIENCE)
        self.page.on("filechooser", lambda chooser: None)          # choosers are waited for from the first page on

    def reach(self, found):
        """Bring the focus to a control, by Tab or Shift and Tab, from where it is."""
        found.evaluate(MARK)
        for _ in range(FARTHEST):
            way, fault = self.page.evaluate(LOOK)
            if fault:
                self.wrong.append(f"{self.page.url}: {fault}")
            if way == 0:
                return
            self.keys.press("Tab" if way > 0 else "Shift+Tab")
        raise AssertionError(f"{self.page.url}: Tab 到不了 {found.evaluate('node => node.outerHTML.slice(0, 200)')}")

    def open(self, path):
        """An address that is typed; the content is jumped to by the first link of the page, unless the page has put the focus where one begins."""
        super().open(path)
        if self.kept():
            return
        self.keys.press("Tab")
        self.keys.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main", f"{path}: the first link does not lead to the content"

    def fill(self, label, value):
        control = self.control(label)
        self.reach(control)
        if control.get_attribute("type") == "date":
            while control.evaluate("node => node === document.activeElement"):          # reached from behind: its first part comes first
                self.keys.press("Shift+Tab")
            self.keys.press("Tab")
            year, month, day = str(value).split("-")
            self.keys.type(month + day + year)                                              # the browser itself speaks English
            assert control.input_value() == str(value), f"{label}: {control.input_value()}"
        else:
            self.keys.press("Control+A")
            self.keys.type(str(value)) if value else self.keys.press("Delete")

    def choose(self, label, option):
        control = self.control(label)
        self.reach(control)
        if control.evaluate("node => node.tagName") == "SELECT":
            names = [name for name, open in control.locator("option").evaluate_all("nodes => nodes.map(n => [n.textContent, !n.disabled && !n.closest('optgroup')?.disabled])") if open]
            self.keys.press("Home")
            for _ in range(next(n for n, name in enumerate(names) if option in name)):
                self.keys.press("ArrowDown")
            assert option in control.evaluate("node => node.selectedOptions[0].textContent")
        else:
            self.keys.press("Control+A")
            self.keys.type(option)
            self.page.get_by_role("option").filter(has_text=option).first.wait_for(timeout=PATIENCE)
            for _ in range(FARTHEST):                # what was found may be on its way still: go on to the one that is wanted
                self.keys.press("ArrowDown")
                if option in (self.page.evaluate(LIT) or ""):
                    self.keys.press("Enter")
                    break
            assert option in control.input_value() and self.kept(), f"{label}: {control.input_value()}"

    def tick(self, label):
        control = self.control(label)
        if not control.is_checked():
            self.reach(control)
            self.keys.press("Space")
            assert control.is_checked() and self.kept()

    def attach(self, label, name, data, content_type):
        self.reach(self.control(label))
        with self.page.expect_file_chooser() as chosen:
            self.keys.press("Enter")
        chosen.value.set_files({"name": name, "mimeType": content_type, "buffer": data})

    def press(self, text):
        words = re.compile(r"^\s*" + re.escape(text))
        for role in ("button", "link"):
            found = self.page.get_by_role(role, name=words, disabled=False).locator("visible=true")
            if found.count():
                self.reach(found.first)
                if found.first.evaluate(LEAVES):
                    with self.page.expect_navigation():
                        self.keys.press("Enter")
                else:
                    self.keys.press("Enter")
                return
        raise AssertionError(f"没有“{text}”可按：{self.text()[:600]}")

    def kept(self):
        """Whether the focus is still somewhere."""
        return self.page.evaluate("document.activeElement !== document.body")
