"""Drawn pictures and papers: abstract heads and shoulders, invented fingers, forms. A few dozen of each are drawn and used in turn."""
import io
from itertools import cycle

from PIL import Image, ImageDraw

from tasks.demo import fingers

GROUNDS = ("#dfe8ef", "#e9e4da", "#e3ebe1", "#ece2e4", "#e2e3ee", "#f0ece0")
SKINS = ("#e8c3a2", "#d9ad86", "#f0d0b4", "#c99a72", "#e3b896")
HAIRS = ("#22201f", "#3a2c24", "#4a3b33", "#2a2f36", "#6b5a4c")
CLOTHES = ("#2f4a63", "#6b3d44", "#40604f", "#4c4668", "#7a6544", "#39424b", "#8a4f3a")


class Pictures:
    """Hands out bytes: photo, scene, finger, paper (PDF), card (PNG)."""

    def __init__(self, rng):
        looks = [(rng.choice(GROUNDS), rng.choice(SKINS), rng.choice(HAIRS), rng.choice(CLOTHES), rng.random()) for _ in range(30)]
        self._photo = cycle([saved(face(390, 567, look), "JPEG", quality=82) for look in looks])
        self._scene = cycle([saved(face(480, 360, look), "JPEG", quality=70) for look in looks[:8]])
        self._finger = cycle([fingers.capture(seed, 0) for seed in range(6)])
        self._paper = cycle([saved(paper(rng), "PDF", resolution=72) for _ in range(4)])
        self._card = cycle([saved(paper(rng).convert("P"), "PNG") for _ in range(4)])

    def photo(self):
        return next(self._photo)

    def scene(self):
        return next(self._scene)

    def finger(self):
        return next(self._finger)

    def paper(self):
        return next(self._paper)

    def card(self):
        return next(self._card)


def saved(image, form, **options):
    data = io.BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def face(width, height, look):
    """Head and shoulders before a plain ground, drawn twice as large and made smaller so that the edges are soft."""
    ground, skin, hair, clothes, turn = look
    image = Image.new("RGB", (width * 2, height * 2), ground)
    draw, middle, unit = ImageDraw.Draw(image), width, min(width * 2 / 10, height * 2 / 14)
    top = height * 2 - unit * 11.4

    def oval(x, y, wide, high, colour):
        draw.ellipse((middle + (x - wide) * unit, top + (y - high) * unit, middle + (x + wide) * unit, top + (y + high) * unit), fill=colour)

    long = turn > 0.5
    oval(0, 3.1 if long else 2.4, 2.6 if long else 2.2, 3.6 if long else 2.5, hair)
    oval(0, 11.8, 4.4, 4.2, clothes)
    draw.polygon([(middle + x * unit, top + y * unit) for x, y in ((-0.8, 5), (0.8, 5), (1.3, 8), (0, 9.4), (-1.3, 8))], fill=skin)
    oval(0, 3.4, 1.85, 2.5, skin)
    oval(0.2 - turn * 0.4, 1.35, 1.9, 1.0 + turn * 0.3, hair)
    if turn > 0.75:
        for x in (-0.8, 0.8):
            draw.ellipse((middle + (x - 0.6) * unit, top + 2.9 * unit, middle + (x + 0.6) * unit, top + 3.9 * unit), outline="#333333", width=4)
    return image.resize((width, height), Image.LANCZOS)


def paper(rng):
    """A sheet with a heading, lines and a round seal."""
    image = Image.new("RGB", (420, 594), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 44, 330, 60), fill="#444444")
    for y in range(96, 430, 26):
        draw.line((48, y, rng.randrange(250, 372), y), fill="#9a9a9a", width=4)
    draw.rectangle((40, 80, 380, 446), outline="#666666", width=2)
    draw.ellipse((270, 460, 360, 550), outline="#b3352c", width=5)
    return image
