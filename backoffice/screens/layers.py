"""The layers of one file - shipped, the site's own, applied in the browser - and sentences about what is wrong in them: file, line, key,
and what may have been meant."""
import os
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches

from backoffice.screens.vocabulary import FITS, VOCABULARY, fault

MOST = 256 * 1024       # bytes of one file
SITE, FILE = "the_site", "site.toml"       # by what name the site file is kept among the screens, one of which is called site
DEEPEST = 20            # brackets open at once; the reader of TOML calls itself for each


@dataclass(frozen=True)
class Layer:
    """One text of a screen: what it is called in sentences, the text, or why it cannot be had; whether it came with the program, and whether with that of
    an earlier day."""
    label: str
    text: str = ""
    fault: str = ""
    shipped: bool = False
    past: bool = False


def file_of(name):
    """The name of the file of a screen, or of the site."""
    return FILE if name == SITE else f"{name}.toml"


def read_layer(path, shipped=False):
    """The Layer of a file; what cannot be read is a sentence."""
    try:
        size = path.stat().st_size
        if size > MOST:
            return Layer(path.name, fault=f"要求不超过 {MOST // 1024} KB，实际 {size / 1024:,.0f} KB", shipped=shipped)
        return Layer(path.name, path.read_text("utf-8"), shipped=shipped)
    except UnicodeDecodeError:
        return Layer(path.name, fault="不是 UTF-8 编码的文字", shipped=shipped)
    except OSError as error:
        return Layer(path.name, fault=f"不能读取（{error.strerror}）", shipped=shipped)


def files_in(folder):
    """The files of a folder of the site, by name; none where there is no such folder, or where it cannot be read."""
    return [path for path in sorted(folder.glob("*.toml")) if path.name == path.name.lower()]


def against_folder(folder, label=""):
    """The sentences against a folder of the site that is there: it cannot be read, or a file has capitals in its name and so is none, or one twice."""
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return [f"{folder.name}/: 不能读取（{error.strerror}）"]
    capital = [name for name in names if name.lower().endswith(".toml") and name != name.lower()]
    return [f"{label}{name}:1: 文件名要求小写，实际有大写" + (f"，而且和 {name.lower()} 是同一个名字" if name.lower() in names else "") for name in capital]


def parsed(text):
    """(values of a TOML text, None), or ({}, (line, sentence))."""
    if len(text.encode("utf-8", "replace")) > MOST:
        return {}, (1, f"要求不超过 {MOST // 1024} KB")
    if _depth(text) > DEEPEST:
        return {}, (1, f"括号套得太深，要求不超过 {DEEPEST} 层")
    try:
        return tomllib.loads(text), None
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        return {}, (int(line[1]) if line else max(1, len(text.splitlines())), f"不是 TOML：{error}")


def _depth(text):
    """The most brackets, or dots of one key, that are open at once; those inside texts count too, which harms nobody."""
    deepest = depth = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth = max(0, depth - 1)
    return max([deepest, *(line.count(".") for line in text.splitlines() if "=" in line and '"' not in line)])


class Layers:
    """The layers of one file, the lowest first; a key of a later one replaces that of an earlier one."""

    def __init__(self, name, layers, words="screen"):
        self.name, self.words, self.problems = name, words, []
        self.values, self.written = {}, {}         # key -> value, key -> Layer
        for layer in layers:
            self.home = layer
            values, wrong = ({}, (1, layer.fault)) if layer.fault else parsed(layer.text)
            if wrong:
                self.problems.append(f"{layer.label}:{wrong[0]}: {wrong[1]}")
            for key, value in values.items():
                self.values[key], self.written[key] = value, layer
        for key in self.values:
            if key not in VOCABULARY[words]:
                self.wrong(key, "没有这个键", key, VOCABULARY[words])

    def wrong(self, key, what, word="", among=(), part=""):
        """Note a problem with a key; `word` is what was written there, or a `part` of it, `among` what could have been meant."""
        layer = self.written.get(key, self.home)
        near = get_close_matches(str(part or word)[:80], [str(name) for name in among], n=1, cutoff=0.5) if part or word else []
        self.problems.append(f"{layer.label}:{line_of(layer.text, key, str(word))}: {key}: {what}" + (f"；是不是“{near[0]}”？" if near else ""))

    def take(self, key, default=None):
        """The value of a key when it is of the right type."""
        if key not in self.values:
            return default
        against = fault(VOCABULARY[self.words][key], self.values[key])
        if against:
            self.wrong(key, against)
            return default
        return self.values[key]

    def known(self, key, table, where, needed=()):
        """What of a table inside `key` are words of `where` with values of their types; the rest is noted. None when one that is needed is not there."""
        found, words = {}, VOCABULARY[where]
        for word, value in table.items():
            if word not in words:
                self.wrong(key, f"{key} 里没有“{word}”这个词", word, words)
            elif against := fault(words[word], value):
                self.wrong(key, f"{word}：{against}", value if FITS[words[word].type](value) else word, words[word].among)
            else:
                found[word] = value
        missing = [word for word in needed if found.get(word) in (None, "")]
        unsaid = [word for word in missing if table.get(word, "") == ""]
        if unsaid:
            self.wrong(key, f"每一项要求 {'、'.join(unsaid)}")
        return None if missing else found


def line_of(text, key, word=""):
    """The line of a word inside a key of a TOML text, else that of the key, else the first."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if re.match(rf"\s*(\[+\s*)?\"?{re.escape(key)}\"?\s*[=\].]", line)), None)
    if start is None:
        return 1
    if not word:
        return start + 1
    spot = re.compile(rf"[\"']{re.escape(word)}[\"']|(^|[{{,])\s*\"?{re.escape(word)}\"?\s*=")
    return next((n for n, line in enumerate(lines[start:], start + 1) if spot.search(line)), start + 1)
