"""A4 paper as PDF: an embedded Chinese font, headings, facts, tables over pages, boxes for seal and signature, a code to verify it by.

What is drawn goes from the top of the page downwards; whoever prints asks for `sheet` and then for one part after the other.
"""
import logging
import re
from functools import cache
from pathlib import Path

import segno
from fpdf import FPDF

from models.workflow import Refused
from tasks.print.a4 import BOTTOM, EDGE, GROUND, INK, LINE, SOFT

FONTS = tuple((Path(folder) / f"NotoSansCJK-{weight}.ttc") for folder in ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk")
              for weight in ("Regular", "Bold"))
CHINESE = 2                     # the face of a collection: Japanese, Korean, simplified Chinese, ...
RUNS = re.compile("1+")
MASK = 2                        # which of the eight patterns of a QR code is laid over it; to try them all takes longer than the page
logging.getLogger("fontTools").setLevel(logging.ERROR)       # the subsetter tells of every table that it drops


@cache
def fonts():
    """(regular, bold) font files."""
    found = [path for path in FONTS if path.exists()][:2]
    if len(found) < 2:
        raise Refused(["没有打印用的中文字体，请系统管理员安装 fonts-noto-cjk"])
    return found


class Paper(FPDF):
    """A document of one or many papers, each with its own heading and page numbers."""

    def __init__(self, title, landscape=False):
        super().__init__("L" if landscape else "P", "mm", "A4")
        regular, bold = fonts()
        self.add_font("song", "", regular, collection_font_number=CHINESE)
        self.add_font("song", "B", bold, collection_font_number=CHINESE)
        self.set_title(title)
        self.set_creator("同力信息平台")
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.bottom = self.h - (297 - BOTTOM)
        self.wide = self.w - 2 * EDGE
        self.foot, self._sheets, self._drawn = "", [], {}          # the pages of the present paper; what is drawn once

    # pages ------------------------------------------------------------------------------------------------------------------------
    def sheet(self, heading, under="", foot=""):
        """Begin a paper: its heading, what stands under it, and what stands at the foot of each of its pages."""
        self._end_paper()
        self.foot = foot
        self.page_on()
        self.ink(18, "B")
        self.put(EDGE, self.y + 8, heading, self.wide, "C")
        self.y += 12
        if under:
            self.ink(10, colour=SOFT)
            self.put(EDGE, self.y + 4, under, self.wide, "C")
            self.y += 7
        self.y += 3

    def page_on(self):
        """Go on with the next page of the paper."""
        self.add_page()
        self._sheets.append(self.page)
        self.y = EDGE

    def _end_paper(self):
        """Put the feet on the pages of the paper, now that it is known how many there are."""
        for number, self.page in enumerate(self._sheets, 1):
            self.set_font_size(1)          # what was set last was set on another page
            self.ink(8, colour=SOFT)
            self.text(EDGE, self.h - 12, self.foot)
            said = f"第 {number} 页，共 {len(self._sheets)} 页"
            self.text(self.w - EDGE - self.get_string_width(said), self.h - 12, said)
        self._sheets = []

    def space_for(self, height):
        """Go on with the next page unless so much of this one is left; whether it did."""
        if self.y + height <= self.bottom:
            return False
        self.page_on()
        return True

    def content(self):
        """The bytes of the whole document."""
        self._end_paper()
        return bytes(self.output())

    # words ------------------------------------------------------------------------------------------------------------------------
    def ink(self, size, weight="", colour=INK):
        self.set_font("song", weight, size)
        self.set_text_color(*colour)

    def center(self, y, text):
        self.text((self.w - self.get_string_width(text)) / 2, y, text)

    def put(self, x, y, text, width, align="L"):
        """One line of text; what is too wide is set smaller."""
        text = self.printable(text)
        size, needs = self.font_size_pt, self.get_string_width(text)
        if needs > width:
            self.set_font_size(size * width / needs)
            needs = width
        self.text(x + {"L": 0, "C": (width - needs) / 2, "R": width - needs}[align], y, text)
        if self.font_size_pt != size:
            self.set_font_size(size)

    def printable(self, text):
        """The text with a mark and the number in place of each character that the font lacks, so that nothing is left out unseen."""
        known = self.current_font.cmap
        return text if known.keys() >= set(map(ord, text)) else "".join(c if ord(c) in known else f"〓U+{ord(c):X}" for c in text)

    def words(self, text, size=10, colour=INK):
        """A paragraph."""
        self.ink(size, colour=colour)
        self.space_for(size * .6)
        self.set_x(EDGE)
        self.multi_cell(self.wide, size * .6, self.printable(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.y += 1

    # parts ------------------------------------------------------------------------------------------------------------------------
    def facts(self, pairs, columns=2):
        """Labels with their values, side by side in ruled fields; what is left of the last line stays an empty one."""
        wide, label, height = self.wide / columns, 26, 7.5
        for start in range(0, len(pairs), columns):
            self.space_for(height)
            self._rules()
            line = pairs[start:start + columns]
            for place in range(len(line)):
                self.rect(EDGE + wide * place, self.y, label, height, style="DF")
            self.rect(EDGE, self.y, self.wide, height)
            for place, (name, value) in enumerate(line):
                x = EDGE + wide * place
                if place:
                    self.line(x, self.y, x, self.y + height)
                self.ink(9.5, colour=SOFT)
                self.put(x + 2, self.y + height * .66, name, label - 4)
                self.ink(10)
                self.put(x + label + 2, self.y + height * .66, str(value), wide - label - 4)
            self.y += height
        self.y += 4

    def table(self, columns, rows, height=7):
        """A table of (title, share of the width, alignment) and rows of texts; its head stands on every page."""
        total = sum(share for _, share, _ in columns)
        places, x = [], EDGE
        for title, share, align in columns:
            places.append((x, self.wide * share / total, align, title))
            x += self.wide * share / total
        self.space_for(height * 2)
        self._head(places, height)
        for row in rows:
            if self.space_for(height):
                self._head(places, height)
            for (x, width, align, _), text in zip(places, row, strict=True):
                self.put(x + 1.5, self.y + height * .68, str(text), width - 3, align)
            self.y += height
            self.line(EDGE, self.y, EDGE + self.wide, self.y)
        self.y += 3

    def _rules(self):
        self.set_fill_color(*GROUND)
        self.set_draw_color(*LINE)
        self.set_line_width(.2)

    def _head(self, places, height):
        self._rules()
        self.rect(EDGE, self.y, self.wide, height, style="F")
        self.ink(9.5, "B")
        for x, width, align, title in places:
            self.put(x + 1.5, self.y + height * .68, title, width - 3, align)
        self.y += height
        self.line(EDGE, self.y, EDGE + self.wide, self.y)
        self.ink(9.5)

    def boxes(self, *labels, height=28):
        """Room for seals and signatures, side by side."""
        self.y += 2
        self.space_for(height + 3)
        wide = (self.wide - 4 * (len(labels) - 1)) / len(labels)
        self.set_draw_color(*LINE)
        for place, label in enumerate(labels):
            x = EDGE + place * (wide + 4)
            self.rect(x, self.y, wide, height)
            self.ink(9, colour=SOFT)
            self.put(x + 2, self.y + 5, label, wide - 4)
            self.put(x + 2, self.y + height - 3, "年　　月　　日", wide - 4, "R")
        self.y += height + 4

    def verified(self, code, address, words):
        """The code by which the paper is verified, in words and as a square to be read by a phone."""
        size = 24
        self.space_for(size)
        self.square(address, EDGE, self.y, size)
        for place, (text, points, weight, colour) in enumerate((("验证码", 8.5, "", SOFT), (code, 12, "B", INK), (address, 8.5, "", SOFT), (words, 8.5, "", SOFT))):
            self.ink(points, weight, colour)
            self.put(EDGE + size + 4, self.y + 5 + place * 5.6, text, self.wide - size - 4)
        self.y += size + 3

    def square(self, text, x, y, size):
        """A QR code."""
        lines = segno.make_qr(text, error="m", mask=MASK, boost_error=False).matrix
        step = size / len(lines)
        self.fields(["".join("1" if dark else "0" for dark in line) for line in lines], x, y, step, step)

    def fields(self, lines, x, y, wide, high):
        """A pattern of fields, each line a text of 1 for dark and 0 for light; what is dark side by side is drawn as one, all of it as one path."""
        k, top, path = self.k, self.h, []
        for row, line in enumerate(lines):
            foot = (top - y - (row + 1) * high) * k
            for run in RUNS.finditer(line):
                path.append(f"{(x + run.start() * wide) * k:.2f} {foot:.2f} {(run.end() - run.start()) * wide * k:.2f} {high * k:.2f} re")
        self._out(f"q 0 0 0 rg {' '.join(path)} f Q")

    def once(self, name, draw):
        """What `draw()` puts on the page under a name, drawn once and laid on every further page as it is. It sets each font that it uses."""
        page = self.pages[self.page].contents
        if name not in self._drawn:
            self.ink(1)
            start = len(page)
            draw()
            self._drawn[name] = b"q " + bytes(page[start:]) + b" Q\n"
        else:
            page += self._drawn[name]
