"""Fingerprints: how often the matcher takes two fingers for one (false match) and one for two (false non-match), on invented fingers, and its time.

`python -m tests.bench.fingers [fingers]` prints a table by threshold. The captures are those of tasks/demo/fingers.py: turned, shifted, bent,
pressed and soiled at random, half of them hasty. They share one way of drawing, are all of one size of finger and one quality, have no scars, no
dry or wet skin and no real sensor behind them: the table shows that the parts work together and where the two curves lie to each other. It proves
nothing about people; a threshold for them is to be measured with the readers that are used.
"""
import itertools
import sys
import time

from models.fingerprints import matcher
from tasks.demo import fingers

TAKES, THRESHOLDS = 4, (24, 32, 40, 48, 56, 64, 80)


def measure(count):
    """({threshold: (false matches, false non-matches)} as shares, (genuine, impostor) scores, milliseconds of one reading and one comparison)."""
    captures = [[fingers.capture(seed, take, 1.0 + take % 2) for take in range(TAKES)] for seed in range(count)]
    before = time.process_time()
    prints = [[matcher.read(data, judging=False).template for data in row] for row in captures]
    reading = (time.process_time() - before) / (count * TAKES) * 1000
    before, genuine, impostor = time.process_time(), [], []
    for row in prints:
        genuine += [matcher.score(one, other) for one, other in itertools.combinations(row, 2)]
    for (a, row), (b, others) in itertools.combinations(enumerate(prints), 2):
        impostor += [matcher.score(row[n], others[(a + b + n) % TAKES]) for n in range(TAKES)]
    comparing = (time.process_time() - before) / (len(genuine) + len(impostor)) * 1000
    rates = {least: (sum(score >= least for score in impostor) / len(impostor), sum(score < least for score in genuine) / len(genuine)) for least in THRESHOLDS}
    return rates, (sorted(genuine), sorted(impostor)), (reading, comparing)


if __name__ == "__main__":
    rates, (genuine, impostor), (reading, comparing) = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    print(f"{len(genuine)} pairs of one finger: {genuine[0]} to {genuine[-1]}, median {genuine[len(genuine) // 2]}; "
          f"{len(impostor)} pairs of two: {impostor[0]} to {impostor[-1]}, median {impostor[len(impostor) // 2]}")
    print(f"reading {reading:.1f} ms, comparing {comparing:.1f} ms of processor time")
    for least, (match, miss) in rates.items():
        print(f"threshold {least:>3}   false match {match:8.3%}   false non-match {miss:8.3%}")
