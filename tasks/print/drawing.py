"""One paper from its heading down to its foot notes, of what `tasks.print.layouts.laid` says. A code to verify it by is drawn below by whoever has one."""
import io

from tasks.print.a4 import EDGE

PHOTO = (26, 37.8)              # mm: 390 x 567 pixels
SHORT = 20                      # characters of a value that stands beside others


def lay(paper, said, photo=None, across=2):
    """Begin a paper and draw its parts; `photo` the File of a picture beside the first facts, `across` how many short facts stand side by side."""
    paper.sheet(said["title"], said["under"], said["foot"])
    for text in said.get("intro", ()):
        paper.words(text, 10.5)
    for place, group in enumerate(said.get("facts", ())):
        _beside(paper, photo, group) if photo is not None and place == 0 else _facts(paper, group, across)
    if said.get("rows"):
        paper.table(said["columns"], said["rows"])
    for text in said.get("text", ()):
        paper.words(text, 10.5)
    if said.get("boxes"):
        paper.boxes(*said["boxes"])
    for text in said.get("notes", ()):
        paper.words(text, 9)


def _facts(paper, facts, across):
    """Those with short values side by side, the others below them."""
    short = [fact for fact in facts if len(str(fact[1])) <= SHORT]
    for found, columns in ((short, across), ([fact for fact in facts if fact not in short], 1)):
        if found:
            paper.facts(found, columns)


def _beside(paper, photo, facts):
    """The facts at the left of the photo."""
    top, wide = paper.y, paper.wide
    paper.image(io.BytesIO(photo.read()), paper.w - EDGE - PHOTO[0], top, *PHOTO)
    paper.wide = wide - PHOTO[0] - 6
    _facts(paper, facts, 2)
    paper.wide, paper.y = wide, max(paper.y, top + PHOTO[1] + 4)
