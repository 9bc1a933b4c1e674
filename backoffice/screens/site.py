"""The site file: name, logo, colours, footer, announcement and menu groups; what belongs to no single screen."""
import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from backoffice.screens.layers import SITE, Layers
from backoffice.screens.reading import Problems

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PNG = b"\x89PNG\r\n\x1a\n"
LOGO_MOST = 200 * 1024
GROUNDS = {"accent": "#ffffff", "accent_dark": "#161a20"}       # what each colour stands on, or what stands on it
CONTRAST = 4.5


@dataclass(frozen=True)
class Site:
    """What every page shows of the site."""
    name: str = "同力信息平台"
    logo: bytes = b""
    accent: str = ""
    accent_dark: str = ""
    footer: str = "同等学力人员申请硕士学位全国管理工作信息平台"
    announcement: dict = field(default_factory=dict)
    groups: tuple = ()
    renamed: dict = field(default_factory=dict)

    @cached_property
    def mark(self):
        """What changes with the look, so that browsers may keep it."""
        return hashlib.sha256(self.logo + self.style.encode()).hexdigest()[:12]

    @cached_property
    def style(self):
        """The style sheet of its colours."""
        light, dark = self.accent or "#1c4f9c", self.accent_dark or "#8db6f7"
        if not (self.accent or self.accent_dark):
            return ""
        fill = f"--accent-fill: {light}; --accent-press: {light};" if self.accent else ""
        return f":root {{ --accent: light-dark({light}, {dark}); {fill} --focus: light-dark({light}, {dark}); }}\n"


def read_site(layers, folder):
    """The Site of the layers of site.toml; `folder` holds the logo. Problems when there are any."""
    if not layers:
        return Site()
    file = Layers(SITE, layers, "site")
    values = {name: file.take(name) for name in ("name", "footer", "accent", "accent_dark") if file.take(name)}
    for name in ("name", "footer"):
        if len(values.get(name, "")) > 60:
            file.wrong(name, f"要求不超过 60 字，实际 {len(values[name])} 字")
    for name, ground in GROUNDS.items():
        if name in values and not COLOUR.fullmatch(values[name]):
            file.wrong(name, f"要求 # 和六位十六进制数，实际“{values.pop(name)[:20]}”")
        elif name in values and contrast(values[name], ground) < CONTRAST:
            file.wrong(name, f"看不清：要求对比 {CONTRAST} : 1，实际 {contrast(values[name], ground):.1f} : 1", values[name])
    renamed = file.take("renamed", {})
    if not all(isinstance(text, str) and 0 < len(text) <= 20 for text in renamed.values()):
        file.wrong("renamed", "新名要求 1 到 20 字")
    site = Site(**values, logo=_logo(file, folder), announcement=_announcement(file), groups=tuple(file.take("groups", ())), renamed=renamed)
    if file.problems:
        raise Problems(file.problems)
    return site


def _announcement(file):
    table = file.take("announcement")
    if not table:
        return {}
    found = file.known("announcement", table, "announcement", ("text",)) or {}
    if len(found.get("text", "")) > 200:
        file.wrong("announcement", f"text：要求不超过 200 字，实际 {len(found['text'])} 字")
    return found


def _logo(file, folder):
    name = file.take("logo")
    if not name:
        return b""
    path = folder / name
    try:
        if path.parent != folder or not path.is_file() or path.is_symlink():
            file.wrong("logo", f"站点文件旁边没有“{name}”", name)
        elif path.stat().st_size > LOGO_MOST:
            file.wrong("logo", f"要求不超过 200 KB，实际 {path.stat().st_size // 1024} KB", name)
        elif not (data := path.read_bytes()).startswith(PNG):
            file.wrong("logo", f"要求 PNG 文件，实际“{name}”不是", name)
        else:
            return data
    except (OSError, ValueError) as error:
        file.wrong("logo", f"不能读取“{name}”（{getattr(error, 'strerror', None) or error}）", name)
    return b""


def contrast(one, other):
    """The contrast of two colours as #rrggbb, 1 to 21, as WCAG counts it."""
    first, second = sorted((_light(one), _light(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _light(colour):
    parts = [int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
