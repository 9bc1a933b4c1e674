"""Charts of the desk: parts of bars and fields of a map, each a number of rows and a link to exactly these rows. What can be asked of lists is
counted by the lists themselves, all numbers of a chart in one statement."""
from dataclasses import dataclass

from peewee import SQL, Select, fn

from backoffice.listing import Listing
from models.base import db


@dataclass(frozen=True)
class Part:
    """A number of rows, what they are, and their list; where the number is not told, the words in its place."""
    label: str
    value: int
    url: str = ""
    tone: str = "busy"
    untold: str = ""

    @property
    def shown(self):
        return self.untold or f"{self.value:,}"


@dataclass(frozen=True)
class Bar:
    """A line of a chart: its name, its parts one after another, and a word beside them."""
    label: str
    parts: tuple
    note: str = ""

    @property
    def total(self):
        return sum(part.value for part in self.parts)

    @property
    def words(self):
        """The bar as somebody hears it."""
        return f"{self.label}：" + "，".join(f"{part.label} {part.shown}" for part in self.parts)


@dataclass(frozen=True)
class Bars:
    """Bars under each other. `whole` says that each bar is a whole by itself; else the longest sets the measure."""
    title: str
    bars: list
    note: str = ""
    whole: bool = False

    @property
    def noted(self):
        """Whether there is a word beside some bar."""
        return any(bar.note for bar in self.bars)

    @property
    def legend(self):
        """The Parts by which the tones are told, where there are several."""
        first = max(self.bars, key=lambda bar: len(bar.parts), default=None)
        return first.parts if first and len(first.parts) > 1 else ()

    def drawn(self, bar):
        """[(part, where it begins, how wide it is)] of a bar, in hundredths of the whole width."""
        measure = bar.total if self.whole else max((other.total for other in self.bars), default=0)
        found, begin = [], 0
        for part in bar.parts:
            width = 100 * part.value / measure if measure else 0
            found.append((part, round(begin, 2), round(width, 2)))
            begin += width
        return found


@dataclass(frozen=True)
class Field:
    """A field of a map: a short name, what it shows, the whole in words, and its list; without an address there is nothing to open."""
    short: str
    shown: str
    words: str
    url: str = ""
    tone: str = "off"


@dataclass(frozen=True)
class Map:
    """Fields in rows, as they lie to each other or one after another; None stands for no field. The Parts of the legend tell the tones, with
    their numbers where they have a list."""
    title: str
    rows: list
    legend: tuple
    note: str = ""


class Lists:
    """The lists that a user may open, to be counted; `screens` are those of his menu."""

    def __init__(self, user, screens):
        self.user, self.screens = user, {screen.name: screen.seen_by(user) for screen in screens}

    def counted(self, wanted):
        """[(rows, address) or None] of lists given as (screen, {argument: value or values}); None where the user cannot open the screen, or
        where it does not know an argument."""
        listings = [self._listing(*asked) for asked in wanted]
        columns = [Select([listing.query().select(SQL("1")).alias("counted")], [fn.COUNT(SQL("*"))]) for listing in listings if listing]
        numbers = iter(db.execute(Select(columns=columns)).fetchone() if columns else ())
        return [listing and (next(numbers), listing.screen.address() + listing.href()) for listing in listings]

    def of(self, name, *arguments):
        """The screen, or None when the user cannot open it, or when the site has taken one of these arguments from its list."""
        screen = self.screens.get(name)
        return screen if screen and set(arguments) <= {key for item in screen.filters.values() for key in item.keys} else None

    def _listing(self, name, args):
        screen = self.screens.get(name)
        listing = screen and Listing(screen, self.user, [(key, str(value)) for key, values in args.items() for value in (values if isinstance(values, list) else [values])])
        return None if listing is None or listing.faults else listing
