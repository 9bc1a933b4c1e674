"""Lets the years before today pass: many stories, each told by itself, are acted in the order of their days.

A story is a generator. It yields the day on which it goes on, and when it is called again the clock stands on that day. What a
story would do today or later has not happened yet: there it stops. So the state of every row follows from the date, ids and
audit entries are in order of time, and whatever a step checks is checked against the world as it was then.
"""
import datetime as dt
import heapq

from models import clock

OPENS, CLOSES = 8 * 60 + 30, 17 * 60 + 30      # office hours, in minutes of the day
PAUSE = dt.timedelta(minutes=4)                # at least so long between two acts of one story


class Timeline:
    def __init__(self, rng, today):
        self.rng, self.today, self.now = rng, today, dt.datetime.min
        self._waiting, self._told = [], 0

    def tell(self, story):
        """Begin a story; a running story may begin others, from its own day on."""
        day = next(story, None)
        if day is not None and day < self.today:
            moment = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=self.rng.randrange(OPENS, CLOSES))
            self._told += 1
            heapq.heappush(self._waiting, (max(moment, self.now + PAUSE), self._told, story))

    def run(self):
        """Act everything that happens before today."""
        while self._waiting:
            self.now, _, story = heapq.heappop(self._waiting)
            with clock.at(self.now):
                self.tell(story)
