"""Two visitors who use the program as a person does - by labels, buttons and links: one over plain HTTP, one in a real Chromium."""
import httpx
import lxml.html
from playwright.sync_api import TimeoutError

PASSWORD = "Tongli-2013"
PATIENCE = 15_000         # milliseconds until a control, or what a page says, must be there
REFUSAL = "Failed to load resource: the server responded with a status of 4"      # what a browser says of a form that was refused


def plain(text):
    return " ".join((text or "").split())


class HttpVisitor:
    """Reads pages and sends forms without JavaScript."""

    def __init__(self, address):
        self.http = httpx.Client(base_url=address, follow_redirects=True, timeout=30)

    def take(self, answer):
        assert answer.status_code < 500, f"{answer.request.url}: {answer.status_code}"
        self.answer, self.page = answer, lxml.html.fromstring(answer.text or "<html></html>")
        self.filled, self.files = {}, {}

    def open(self, path):
        self.take(self.http.get(path))

    def control(self, label):
        """The control whose label (or aria-label) starts with the words given."""
        for node in self.page.iter("label"):
            if plain(node.text_content()).startswith(label):
                found = self.page.get_element_by_id(node.get("for")) if node.get("for") else node.find(".//input")
                if found is not None:
                    return found
        for node in self.page.xpath("//*[@aria-label]"):
            if node.get("aria-label").startswith(label) and node.tag in ("input", "select", "textarea"):
                return node
        raise AssertionError(f"没有“{label}”这一栏：{self.text()[:600]}")

    def fill(self, label, value):
        self.filled[self.control(label)] = value

    def choose(self, label, option):
        control = self.control(label)
        if control.tag == "select":
            values = [node.get("value", node.text) for node in control.iter("option") if option in plain(node.text_content())]
            assert values, f"“{label}”没有“{option}”"
            self.filled[control] = values[0]
        else:                                      # a look-up: what kit.js does when one types and picks
            box = next(node for node in control.iterancestors("div") if node.get("data-look"))
            rows = self.http.get(self.answer.url.join(box.get("data-look")).copy_merge_params({"q": option})).json()["rows"]
            assert rows, f"“{label}”找不到“{option}”"
            self.filled[box.find(".//input[@type='hidden']")] = str(rows[0]["id"])

    def tick(self, label):
        self.filled[self.control(label)] = True

    def attach(self, label, name, data, content_type):
        self.files[self.control(label).get("name")] = (name, data, content_type)

    def tick_all(self):
        for node in self.page.xpath("//tbody//input[@type='checkbox']"):
            self.filled[node] = True

    def press(self, text):
        """Press the button, or follow the link, whose words are these."""
        for node in self.page.xpath("//button[not(@type='button')]") + self.page.xpath("//a[@href]"):
            words = plain(node.text_content() or node.get("value")) or node.get("aria-label", "")
            if words.startswith(text) and node.get("disabled") is None and node.get("aria-disabled") != "true":
                if node.tag == "a":
                    return self.open(node.get("href"))
                return self.send(node)
        raise AssertionError(f"没有“{text}”可按：{self.text()[:600]}")

    def send(self, button):
        form = self.page.get_element_by_id(button.get("form")) if button.get("form") else next(n for n in button.iterancestors("form"))
        values = []
        mine = [n for n in self.page.xpath("//input|//select|//textarea") if n.get("name") and
                (n.get("form") == form.get("id") if n.get("form") else form in n.iterancestors())]
        for node in mine:
            kind, given = node.get("type", "text"), self.filled.get(node)
            if kind in ("submit", "button", "file"):
                continue
            if kind in ("checkbox", "radio"):
                if given or (given is None and node.get("checked") is not None and not (kind == "radio" and any(
                        self.filled.get(other) for other in mine if other.get("name") == node.get("name")))):
                    values.append((node.get("name"), node.get("value", "on")))
            elif node.tag == "select":
                chosen = [o.get("value", o.text) for o in node.iter("option") if o.get("selected") is not None] or [o.get("value", o.text) for o in node.iter("option")][:1]
                values += [(node.get("name"), v) for v in ([given] if given is not None else chosen)]
            else:
                values.append((node.get("name"), given if given is not None else (node.text or "").lstrip("\n") if node.tag == "textarea" else node.get("value", "")))
        if button.get("name"):
            values.append((button.get("name"), button.get("value", "")))
        action = button.get("formaction") or form.get("action") or str(self.answer.url)
        data = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        if (form.get("method") or "get").lower() == "get":
            return self.take(self.http.get(self.answer.url.join(action), params=values))
        self.take(self.http.post(self.answer.url.join(action), data=data, files=self.files or None,
                                 headers={"Referer": str(self.answer.url)}))

    def text(self):
        return plain(" ".join(self.page.xpath("//body//text()[not(ancestor::script)]")))

    def sees(self, *words):
        for word in words:
            assert word in self.text(), f"看不到“{word}”：{self.text()[:900]}"

    def cookies(self):
        return self.http.cookies

    def close(self):
        self.http.close()


class BrowserVisitor:
    """Drives one page of a real Chromium."""

    def __init__(self, browser, address, width=1440, height=900):
        self.context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, locale="zh-CN")
        self.page = self.context.new_page()
        self.wrong = []
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" and REFUSAL not in message.text else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def open(self, path):
        answer = self.page.goto(path)
        assert answer is None or answer.status < 500, f"{path}: {answer.status}"

    def control(self, label):
        import re
        found = self.page.get_by_label(re.compile(r"^\s*" + re.escape(label))).locator("visible=true")
        try:
            found.first.wait_for(timeout=PATIENCE)          # the page that a press leads to may be on its way
        except TimeoutError:
            raise AssertionError(f"没有“{label}”这一栏：{self.text()[:600]}") from None
        return found.first

    def fill(self, label, value):
        self.control(label).fill(str(value))

    def choose(self, label, option):
        control = self.control(label)
        if control.evaluate("node => node.tagName") == "SELECT":
            values = control.locator("option").evaluate_all("(nodes, words) => nodes.filter(n => n.textContent.includes(words)).map(n => n.value)", option)
            control.select_option(values[0])
        else:
            control.press_sequentially(option)
            self.page.get_by_role("option").filter(has_text=option).first.click()

    def tick(self, label):
        self.control(label).check()

    def attach(self, label, name, data, content_type):
        self.control(label).set_input_files({"name": name, "mimeType": content_type, "buffer": data})

    def tick_all(self):
        for box in self.page.locator("tbody input[type=checkbox]:visible").all():
            box.check()

    def press(self, text):
        import re
        words = re.compile(r"^\s*" + re.escape(text))
        for role in ("button", "link"):
            found = self.page.get_by_role(role, name=words, disabled=False).locator("visible=true")
            if found.count():
                found.first.click()
                self.page.wait_for_load_state()
                return
        raise AssertionError(f"没有“{text}”可按：{self.text()[:600]}")

    def text(self):
        return plain(self.page.locator("body").inner_text())

    def sees(self, *words):
        for word in words:
            for _ in range(PATIENCE // 100):           # what a script of the page says comes a little later
                if word in self.text():
                    break
                self.page.wait_for_timeout(100)
            assert word in self.text(), f"看不到“{word}”：{self.text()[:900]}"

    def close(self):
        self.context.close()
        assert not self.wrong, f"浏览器报告：{self.wrong}"


def take(visitor, label, **answers):
    """Take one step on the row whose page is open: to the confirmation, the answers, the button, and back."""
    visitor.press(label)
    visitor.sees(f"{label}：请核对后再确认")
    for asked, answer in answers.items():
        visitor.tick(asked) if answer is True else visitor.fill(asked, answer)
    visitor.press(f"{label} 1 项")
    return visitor


def log_in(visitor, name, password=PASSWORD):
    """Log in by the one form for everybody; returns the visitor."""
    visitor.open("/login")
    visitor.fill("用户名、电子邮箱或证件号", name)
    visitor.fill("密码", password)
    visitor.press("登录")
    return visitor
