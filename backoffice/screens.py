"""All screens: one TOML file each, shipped in one folder, with the site's own folder lying over it key by key.

A screen narrows and renames. It can never grant a step, widen a scope or touch a state: those words do not exist in it.
"""
import time
from collections.abc import Mapping
from pathlib import Path as Folder

from backoffice.paths import Path
from backoffice.screenfiles import Problems, read_all

PAUSE = 2.0        # seconds between two looks at the files


class Screens(Mapping):
    """All screens by name, in the order of the menu. Raises Problems when there is anything wrong with the files.

    `entities` are the models by name, `grids` the names of the grids with behaviour of their own. A running program calls
    `refresh`: it takes over changed files, and keeps the last good screens when they are wrong, with the reasons in `problems`."""

    def __init__(self, shipped, site, entities, grids=()):
        self.folders, self.entities, self.grids = (Folder(shipped), Folder(site)), entities, tuple(grids)
        self.problems, self._looked, self._stamp = [], time.monotonic(), self._stamps()
        self._screens = self._read()

    def __getitem__(self, name):
        return self._screens[name]

    def __iter__(self):
        return iter(self._screens)

    def __len__(self):
        return len(self._screens)

    def refresh(self):
        """Take over what has changed in the folders. A screen that is new or gone needs a new start."""
        if time.monotonic() - self._looked < PAUSE:
            return
        self._looked, stamp = time.monotonic(), self._stamps()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            screens = self._read()
        except Problems as wrong:
            self.problems = wrong.found
        else:
            self.problems = []
            self._screens = {name: screens.get(name, screen) for name, screen in self._screens.items()}

    def open_to(self, user):
        """The screens that the user may open."""
        return [screen for screen in self.values() if screen.open_to(user)]

    def searched(self, model):
        """The paths by which rows of a model are looked up: as its first screen does, else by code, name or title."""
        found = next((screen.search for screen in self.values() if screen.model is model and screen.search), ())
        return found or tuple(Path.of(model, name) for name in ("code", "name", "title", "number", "username") if name in model._meta.fields)

    def _read(self):
        return read_all(self.folders, self.entities, self.grids)

    def _stamps(self):
        return sorted((str(path), path.stat().st_mtime_ns) for folder in self.folders for path in folder.glob("*.toml"))
