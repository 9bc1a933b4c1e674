"""The list that one came from: a row that was opened from a list knows its neighbours there, and the way back, whatever became of it meanwhile."""
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import request, url_for

from backoffice.listing import Listing


@dataclass(frozen=True)
class Position:
    """Where a row stands in a list: the list as arguments of an address, and the row before and after it, each as (id, name) or None."""
    list: str
    before: tuple | None
    after: tuple | None


class Walking:
    """What a grid says of one row in the list around it. The address of the row carries that list as `list`."""

    def _position(self, row):
        """The Position of a row; None when it was not opened from a list."""
        listing = self._came_from()
        return listing and Position(listing.href(), *listing.neighbours(row))

    def _came_from(self):
        came = request.args.get("list")
        return None if came is None else Listing(self.screen, self.user, parse_qsl(came.lstrip("?")))

    def _way_to(self, row):
        """The address of a row, which keeps the list that one came from."""
        return url_for(".details", id=row.id, list=request.args.get("list"))
