"""Attacks from outside and from the next unit: foreign rows, scripts, forged cookies, random requests.

The suite runs them in a short form, another part of the probes on each database. With ATTACK=1, as `make attack` does, the matrix of isolation is
tried whole on each database, and of the rest, which is the same program on either, another half on each.
"""
import os
import zlib

LONG = bool(os.environ.get("ATTACK"))
ENGINES = ("sqlite", "postgresql")


def dealt(probes, engine, of, long=2):
    """Those of the probes that this run tries: one of every `of`, in the long form of every `long`, other ones on each database; with 1 all on each."""
    share = long if LONG else of
    return [probe for probe in probes if share == 1 or zlib.crc32(str(probe).encode()) % share == ENGINES.index(engine)]


def judge(note, number, found, word="findings"):
    """Note how much was tried and what was found, for the last line of the long form; anything found fails the test."""
    note("probes", number)
    note(word, len(found))
    assert number > 0 and found == []
