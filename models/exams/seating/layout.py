"""Stage 6: one room - how its seats stand, who sits beside whom, and an order of people in which neighbours come from different institutions.

Seats are numbered column by column in a serpentine: down the first column from the front, up the second, and so on.
"""
import hashlib
from functools import cache


def lot(seed, who):
    """The lot of somebody under a seed: the same wherever it is drawn, and foreseen by nobody who lacks the seed."""
    return hashlib.sha256(f"{seed}.{who}".encode()).digest()


def place(number, rows):
    """(row, column) of a seat, both from 0; row 0 is at the front."""
    column, row = divmod(number - 1, rows)
    return (rows - 1 - row if column % 2 else row), column


@cache
def beside(count, rows):
    """For each of the seats 1 to `count` the places in that list of those left, right, in front and behind."""
    where = {place(number, rows): number - 1 for number in range(1, count + 1)}
    return tuple(tuple(where[at] for at in ((row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)) if at in where)
                 for row, column in where)


@cache
def chequered(count, rows):
    """The seats as places in their list: first the dark fields of a chessboard, then the light ones; nobody sits beside one of his colour."""
    dark, light = ([n - 1 for n in range(1, count + 1) if sum(place(n, rows)) % 2 == colour] for colour in (0, 1))
    return tuple(dark + light) if len(dark) >= len(light) else tuple(light + dark)


def alike(units, rows):
    """How many pairs of neighbours come from the same unit; `units` is the unit on each seat, None for an empty one."""
    links = beside(len(units), rows)
    return sum(units[other] == unit for seat, unit in enumerate(units) if unit is not None for other in links[seat] if other > seat)


def deal(people, sizes):
    """The people (lot, id, unit) on rooms of these sizes, each unit spread over all of them; the list of each room in the order of the lots."""
    count = {}
    for _, _, unit in people:
        count[unit] = count.get(unit, 0) + 1
    rooms, open_ones, turn = [[] for _ in sizes], list(range(len(sizes))), 0
    for person in sorted(people, key=lambda person: (-count[person[2]], person[2], person[0])):
        turn %= len(open_ones)
        room = open_ones[turn]
        rooms[room].append(person)
        if len(rooms[room]) == sizes[room]:
            del open_ones[turn]
        else:
            turn += 1
    return [sorted(room) for room in rooms]


def arranged(people, rows):
    """(people by seat, pairs of neighbours that are alike): the order of the lots where it will do, mended by exchanges where it will not."""
    best = _mended(list(people), rows)
    if left := alike([unit for *_, unit in best], rows):
        other = _mended(_by_units(people, rows), rows)
        if (less := alike([unit for *_, unit in other], rows)) < left:
            return other, less
    return best, left


def _by_units(people, rows):
    """The people on a chessboard: the largest unit on one colour with the smallest ones, so that the next largest have the other one."""
    count, first = {}, {}
    for turn, (_, _, unit) in enumerate(people):
        count[unit] = count.get(unit, 0) + 1
        first.setdefault(unit, turn)
    largest = max(count, key=lambda unit: (count[unit], -first[unit]))
    seats = [None] * len(people)
    turns = sorted(people, key=lambda person: (person[2] != largest, count[person[2]], first[person[2]]))
    for seat, person in zip(chequered(len(people), rows), turns):
        seats[seat] = person
    return seats


def _mended(seats, rows):
    """The people by seat after every exchange of two that makes fewer neighbours alike."""
    links, units = beside(len(seats), rows), [unit for *_, unit in seats]
    better = True
    while better:
        better = False
        for seat, near in enumerate(links):
            unit = units[seat]
            here = sum(units[n] == unit for n in near)
            if not here:
                continue
            gain, partner = max(((_gain(units, links, seat, other, here), -other) for other, stranger in enumerate(units) if stranger != unit),
                                default=(0, 0))
            if gain > 0:
                other = -partner
                seats[seat], seats[other] = seats[other], seats[seat]
                units[seat], units[other] = units[other], units[seat]
                better = True
    return seats


def _gain(units, links, seat, other, here):
    """How many pairs fewer are alike once two people of different units, of whom the first has `here` like him, have changed seats."""
    mine, his = units[seat], units[other]
    gain = here
    for n in links[other]:
        gain += (units[n] == his) - (units[n] == mine and n != seat)
    for n in links[seat]:
        if units[n] == his and n != other:
            gain -= 1
    return gain
