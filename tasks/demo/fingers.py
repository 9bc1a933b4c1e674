"""Invented fingers of the demo and the tests: ridges as one smooth phase with whirls where lines end or fork, and new captures of them.

The phase of a print is its general flow (arch, loop or whorl) plus one turn around each minutia; the ridges are where its cosine is high.
A finger follows from its seed alone; each capture of it is turned, shifted, bent, pressed and soiled in its own way.
"""
import io
from functools import lru_cache

import numpy
from PIL import Image, ImageFilter

WIDTH, HEIGHT, RIDGE = 320, 400, 9.0        # pixels at 500 to the inch; the distance of two ridges
MINUTIAE = (38, 56)
DPI = (500, 500)


def capture(seed, take, hard=1.0):
    """Bytes of one PNG: the finger of `seed` as the reader sees it at the time numbered `take`. hard: 1 = careful, 2 = hasty."""
    chance = numpy.random.default_rng((seed, take, 7))
    y, x = numpy.mgrid[:HEIGHT, :WIDTH].astype(float)
    turn, (across, down) = numpy.deg2rad(chance.normal(0, 7) * hard), chance.normal(0, 10, 2) * hard
    u, v = x - WIDTH / 2, y - HEIGHT / 2
    bend = hard * 4 * numpy.sin(u / 90 + chance.uniform(0, 6)) * numpy.cos(v / 110 + chance.uniform(0, 6))
    left = numpy.cos(turn) * u - numpy.sin(turn) * v + across + bend
    high = numpy.sin(turn) * u + numpy.cos(turn) * v + down + bend * chance.uniform(-1, 1)
    ridges = numpy.tanh(2.2 * (numpy.cos(phase(seed, left, high)) + chance.normal(0, .15)))
    shade = 128 - 95 * ridges + chance.normal(0, 22 * hard, ridges.shape)
    pressed = (left / (WIDTH * chance.uniform(.40, .47))) ** 2 + ((high - chance.uniform(-15, 15)) / (HEIGHT * chance.uniform(.40, .47))) ** 2
    shade[pressed > 1] = 250
    for _ in range(int(6 * hard)):          # dry spots and dust
        spot = (x - chance.uniform(0, WIDTH)) ** 2 + (y - chance.uniform(0, HEIGHT)) ** 2
        shade[spot < chance.uniform(3, 9) ** 2] = 235
    picture = Image.fromarray(numpy.clip(shade, 0, 255).astype("uint8")).filter(ImageFilter.GaussianBlur(.7))
    data = io.BytesIO()
    picture.save(data, "PNG", dpi=DPI)
    return data.getvalue()


def phase(seed, x, y):
    """The phase of the ridges of a finger at points measured from its middle."""
    kind, core, slant, waves, minutiae = finger(seed)
    x, y = x - core[0], y - core[1]
    x = x + slant * y
    if kind == "whorl":
        flow = numpy.hypot(x * 1.15, y * .9)
    elif kind == "loop":                    # the distance from a line that begins at the core and goes down
        flow = numpy.where(y < 0, numpy.hypot(x, y), numpy.abs(x) + .12 * y)
    else:
        flow = y + 45 * numpy.exp(-(x / 70) ** 2) * numpy.exp(-(y / 160) ** 2)
    found = 2 * numpy.pi / RIDGE * flow
    for a, b, shift, height in waves:
        found = found + height * numpy.sin(a * x + b * y + shift)
    for left, high, sign in minutiae:
        found = found + sign * numpy.arctan2(y - high, x - left)
    return found


@lru_cache(maxsize=512)
def finger(seed):
    """(kind, core, slant, waves of the flow, minutiae as (x, y, +1 or -1)) that belong to one invented finger."""
    chance = numpy.random.default_rng(seed)
    kind = chance.choice(["loop", "whorl", "arch"], p=[.6, .3, .1])
    core, slant = (chance.normal(0, 8), chance.normal(-30, 12)), chance.uniform(-.35, .35)
    waves = [(*chance.normal(0, .018, 2), chance.uniform(0, 6), chance.uniform(1, 2.6)) for _ in range(4)]
    wanted, minutiae = chance.integers(*MINUTIAE), []
    while len(minutiae) < wanted:
        left, high = chance.uniform(-WIDTH / 2, WIDTH / 2), chance.uniform(-HEIGHT / 2, HEIGHT / 2)
        if all((left - a) ** 2 + (high - b) ** 2 > 18 ** 2 for a, b, _ in minutiae):
            minutiae.append((left, high, chance.choice((-1, 1))))
    return kind, core, slant, waves, minutiae


def seed_of(case_id, finger):
    """The seed of one of the two fingers of a case in the demo."""
    return case_id * 2 + finger
