"""Charts of the desk: parts of bars and fields of a map, each a number of rows and a link to exactly these rows. What can be asked of lists is
counted by the lists themselves, all numbers of a chart in one statement."""
import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from peewee import SQL, Select, fn

from backoffice.listing import Listing
from models.base import db

SPANS = 12           # bars of a chart by days


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


# charts that screens ask for ----------------------------------------------------------------------------------------------------------------
def drawn(lists):
    """The Bars of the tiles of screens that are drawn by the values of a field; one without any row is left out."""
    found = [_bars(lists, screen, tile) for screen in lists.screens.values() for tile in screen.tiles if tile.by]
    return [chart for chart in found if chart.bars]


def _bars(lists, screen, tile):
    own, item = {}, screen.filters[tile.by]
    for key, text in tile.args:
        own.setdefault(key, []).append(text)
    parts = _values(item, own) if item.kind.picks == "choice" else _spans(screen.rows(lists.user), tile, item)
    if f"{tile.by}.empty" in screen.filters and not {f"f.{tile.by}", f"f.{tile.by}.empty"} & set(own):
        parts.append(("未填", {f"f.{tile.by}.empty": "1"}, "off"))
    counted = lists.counted([(screen.name, own | args) for _, args, _ in parts])
    bars = [Bar(label, (Part("行", *number, tone),)) for (label, _, tone), number in zip(parts, counted, strict=True) if number and number[0]]
    return Bars(tile.title, bars, tile.hint)


def _values(item, own):
    """[(label, arguments, tone)] of every value that the tile leaves."""
    left = own.get(f"f.{item.name}")
    return [(label, {f"f.{item.name}": value}, item.kind.tone(item.kind.read(value)) or "busy") for value, label in item.kind.options() if left is None or value in left]


def _spans(rows, tile, item):
    """[(label, arguments, tone)] of the months of the days that there are; of the years where there are more months than SPANS, the first of them together."""
    end = item.path.end
    days = (rows if tile.condition is None else rows.where(tile.condition)).select(fn.MIN(end), fn.MAX(end)).tuples().get()
    if days[0] is None:
        return []
    first, last = (_day(value) for value in days)
    months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13) if (first.year, first.month) <= (year, month) <= (last.year, last.month)]
    if len(months) <= SPANS:
        spans = [(f"{year}-{month:02}", dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])) for year, month in months]
    else:
        years = range(max(first.year, last.year - SPANS + 2), last.year + 1)
        spans = [(str(year), dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in years]
        if first.year < years[0]:
            spans.insert(0, (f"{years[0]} 年以前", None, dt.date(years[0] - 1, 12, 31)))
    return [(label, ({f"f.{item.name}.from": begin} if begin else {}) | {f"f.{item.name}.to": until}, "busy") for label, begin, until in spans]


def _day(value):
    """A day of what the database says of a day, of a moment, or of an added field."""
    return dt.date.fromisoformat(str(value)[:10])
