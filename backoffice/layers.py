"""The files behind one screen, and sentences about what is wrong in them: file, line, key, and what may have been meant."""
import re
import tomllib
from difflib import get_close_matches

TEXTS, TABLES = "文字列表", "表的列表"
VOCABULARY = {
    "model": "文字", "title": "文字", "menu": "文字", "order": "整数", "icon": "文字", "help": "文字", "roles": TEXTS, "where": "表", "columns": "列表",
    "order_by": "文字", "filters": "列表", "search": TEXTS, "page_size": "整数", "form": TABLES, "details": TABLES, "related": TABLES, "steps": TEXTS,
    "export": "列表", "full": TEXTS, "views": TABLES, "create": "是非", "lines": "表", "grid": "文字"}
IS = {"文字": lambda v: isinstance(v, str), "整数": lambda v: isinstance(v, int) and not isinstance(v, bool), "是非": lambda v: isinstance(v, bool),
      "表": lambda v: isinstance(v, dict), "列表": lambda v: isinstance(v, list),
      TEXTS: lambda v: isinstance(v, list) and all(isinstance(i, str) for i in v),
      TABLES: lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v)}


class Layers:
    """The files of one screen, the shipped one first; a key of a later one replaces that of an earlier one."""

    def __init__(self, name, paths):
        self.name, self.problems = name, []
        self.values, self.written = {}, {}         # key -> value, key -> (file, its text)
        for path in paths:
            text = path.read_text("utf-8")
            self.home = (path, text)
            try:
                values = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                line = re.search(r"at line (\d+)", str(error))
                self.problems.append(f"{path.name}:{line[1] if line else len(text.splitlines())}: 不是 TOML：{error}")
                continue
            for key, value in values.items():
                self.values[key], self.written[key] = value, (path, text)

    def wrong(self, key, what, word="", among=(), part=""):
        """Note a problem with a key; `word` is what was written there, or a `part` of it, `among` what could have been meant."""
        path, text = self.written.get(key, self.home)
        near = get_close_matches(str(part or word), [str(name) for name in among], n=1, cutoff=0.5) if part or word else []
        self.problems.append(f"{path.name}:{self._line(text, key, word)}: {key}: {what}" + (f"；是不是“{near[0]}”？" if near else ""))

    @staticmethod
    def _line(text, key, word):
        lines = text.splitlines()
        start = next((n for n, line in enumerate(lines) if re.match(rf"\s*(\[+\s*)?\"?{re.escape(key)}\"?\s*[=\].]", line)), None)
        if start is None:
            return 1
        spot = re.compile(rf"[\"']{re.escape(str(word))}[\"']|^\s*{re.escape(str(word))}\s*=")
        return next((n for n, line in enumerate(lines[start:], start + 1) if word and spot.search(line)), start + 1)

    def take(self, key, default=None):
        """The value of a key when it is of the right type."""
        if key not in self.values:
            return default
        value = self.values[key]
        if not IS[VOCABULARY[key]](value):
            self.wrong(key, f"要求{VOCABULARY[key]}，实际是 {value!r}")
            return default
        return value
