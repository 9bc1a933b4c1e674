"""Attacks from outside and from the next unit: foreign rows, scripts, forged cookies, random requests.

The suite runs them in a short form, another part of the probes on each database; with ATTACK=1, as `make attack` does, each is tried.
"""
import os
import zlib

LONG = bool(os.environ.get("ATTACK"))
ENGINES = ("sqlite", "postgresql")


def dealt(probes, engine, of):
    """Those of the probes that this run tries: all in the long form, in the short one of every `of`, other ones on each database."""
    return [probe for probe in probes if LONG or zlib.crc32(str(probe).encode()) % of == ENGINES.index(engine)]


def judge(note, number, found, word="findings"):
    """Note how much was tried and what was found, for the last line of the long form; anything found fails the test."""
    note("probes", number)
    note(word, len(found))
    assert number > 0 and found == []
