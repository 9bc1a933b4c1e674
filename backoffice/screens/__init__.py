"""All screens: a shipped file each, with the site's own folder and what was applied in the browser lying over it key by key.

A screen narrows and renames. It can never grant a step, widen a scope or touch a state: those words do not exist in it.
"""
import logging
import threading
from collections.abc import Mapping
from pathlib import Path as Folder

from peewee import PeeweeException

from backoffice.paths import Path
from backoffice.screens.layers import FILE, SITE, Layer, against_folder, file_of, files_in, read_layer
from backoffice.screens.layouts import FOLDER, read_layouts
from backoffice.screens.reading import Problems, read_all
from backoffice.screens.site import Site, read_site
from models import extras
from models.base import db
from tasks.print import layouts

__all__ = ["PAUSE", "Problems", "Screens"]
log = logging.getLogger(__name__)
PAUSE = 2.0        # seconds between two looks at the files and the versions


class Screens(Mapping):
    """All screens by name, in the order of the menu. Raises Problems when there is anything wrong with the files.

    `entities` are the models by name, `grids` the names of the grids with behaviour of their own, `forms` what they print, by name, `versions()` what
    was applied: {name: a row with number, text, shipped}. A program that runs has `watch` look for changes; `refresh` takes them over at once. What is wrong
    changes nothing: the last good screens stay, with the reasons in `problems`; what is right and yet worth a look is in `hints`. `turn` goes up
    whenever something was taken over."""

    def __init__(self, shipped, site, entities, grids=(), versions=dict, forms={}):
        self.shipped, self.folder, self.entities, self.grids, self.versions, self.forms = Folder(shipped), Folder(site), entities, tuple(grids), versions, forms
        self.problems, self.hints, self.overtaken, self.turn, self._thread = [], [], [], 0, None
        self._stamp, self._plain = self._stamps(), self._shipped()
        self._bare, self.given = self._given()
        self._screens, self.fields, self.site = self.tried({})
        extras.take(self.fields)
        self._lay_out()

    def __getitem__(self, name):
        return self._screens[name]

    def __iter__(self):
        return iter(self._screens)

    def __len__(self):
        return len(self._screens)

    def _given(self):
        """((the shipped layers, their screens, their added fields), what they give). Where they are wrong, what is wrong in the site's own files is said
        along."""
        layers = {name: [layer] for name, layer in self._plain.items()}
        try:
            screens, fields, given = self._read(layers)
            return (layers, screens, fields), given
        except Problems:
            self._read(self.layers({})[0])
            raise

    def _read(self, layers, given=None):
        return read_all(layers, self.entities, self.grids, self.forms, given)

    # reading ------------------------------------------------------------------------------------------------------------------------
    def tried(self, versions, changed={}):
        """(screens, added fields, site) as they would be with these versions and the texts given by name; Problems when they cannot be."""
        layers, site = self.layers(versions, changed)
        problems = against_folder(self.folder)
        try:
            found = read_site(site, self.folder.parent)
        except Problems as wrong:
            problems, found = problems + wrong.found, Site()
        try:
            screens, fields = self._bare[1:] if layers == self._bare[0] else self._read(layers, self.given)[:2]
        except Problems as wrong:
            raise Problems(problems + wrong.found) from None
        if problems:
            raise Problems(problems)
        return screens, fields, found

    def layers(self, versions, changed={}):
        """({name: [Layer]}, [Layer] of the site file), the lowest first."""
        own = {path.stem: read_layer(path) for path in files_in(self.folder)}
        path = self.folder.parent / FILE
        found, site = {}, [read_layer(path)] if path.is_file() else []
        texts = {name: (f"{file_of(name)}@{row.number}", row.text) for name, row in versions.items()} | {name: (file_of(name), text) for name, text in changed.items()}
        for name in {*self._plain, *own, *texts} - {SITE}:
            shipped = self._plain.get(name)
            kept = versions.get(name) if name not in changed else None
            base = [shipped] if shipped else []
            if shipped and kept is not None and kept.shipped not in ("", shipped.text):
                base = [Layer(shipped.label, kept.shipped, shipped=True, past=True)]
            applied = [Layer(*texts[name])] if texts.get(name, ("", ""))[1].strip() else []
            if layers := base + ([own[name]] if name in own else []) + applied:
                found[name] = layers
        return found, site + ([Layer(*texts[SITE])] if SITE in texts else [])

    def has_file(self, name):
        """Whether the site has a file of its own for a screen, or for itself."""
        return (self.folder.parent if name == SITE else self.folder).joinpath(file_of(name)).is_file()

    def file_text(self, name):
        """The text of the shipped file, empty for a screen of the site's own."""
        return self._plain[name].text if name in self._plain else ""

    # taking over --------------------------------------------------------------------------------------------------------------------
    def refresh(self):
        """Take over what has changed in the files and the versions."""
        try:
            versions = self.versions()
        except PeeweeException as error:        # the database has its own alarm; the screens stay as they are
            log.warning("the versions of the screens cannot be read: %s", error)
            return
        stamp = (self._stamps(), sorted((name, row.number) for name, row in versions.items()))
        if stamp == self._stamp:
            return
        self._stamp, plain = stamp, self._plain
        self._plain = self._shipped()
        self.overtaken = [name for name, row in versions.items() if row.text and row.shipped and row.shipped != self.file_text(name)]
        try:
            if self._plain != plain:
                self._bare, self.given = self._given()
            self._take(versions)
        except Problems as wrong:
            if not self.overtaken or not self._take_present(versions):
                self.problems = wrong.found
        self._lay_out()

    def _take(self, versions):
        self._screens, self.fields, self.site = self.tried(versions)
        extras.take(self.fields)
        self.problems, self.hints, self.turn = [], [], self.turn + 1
        try:
            extras.settle()
            self.hints = extras.unlisted(self.fields)
        except PeeweeException as error:        # two processes made the same index at once: the other one did it
            log.info("added fields: %s", error)
        for hint in self.hints:
            log.warning("screens: %s", hint)

    def _lay_out(self):
        """Take over how the site prints its forms; a file that is wrong leaves its form as it is shipped, and is told in `laid_wrong` {form: sentences}."""
        added = {model.__name__: fields for model, fields in self.fields.items()}
        self.laid, self.laid_wrong = read_layouts(self.folder.parent / FOLDER, self.forms, added)
        layouts.take(self.laid)

    def _take_present(self, versions):
        """Take the versions over the shipped files of today, where those of the day they were applied no longer fit the program."""
        try:
            self._take({name: row.over(self.file_text(name)) for name, row in versions.items()})
        except Problems:
            return False
        return True

    def watch(self):
        """Look for changes from now on, beside the requests: a page itself reads no file."""
        if self._thread is None:
            self._looking = threading.Event()
            self._thread = threading.Thread(target=self._watch, name="screens", daemon=True)
            self._thread.start()

    def _watch(self):
        while True:
            try:
                with db.connection_context():
                    self.refresh()
            except Exception:
                log.exception("looking for changed screens")
            self._looking.wait(PAUSE)

    def _shipped(self):
        return {path.stem: read_layer(path, shipped=True) for path in sorted(self.shipped.glob("*.toml"))}

    def _stamps(self):
        paths = [self.folder, self.folder.parent / FOLDER, *self.shipped.glob("*.toml"), *self.folder.glob("*.toml"), *self.folder.parent.glob(FILE), *(self.folder.parent / FOLDER).glob("*.toml")]
        return sorted((str(path), path.stat().st_mtime_ns) for path in paths if path.exists())

    # asking -------------------------------------------------------------------------------------------------------------------------
    def open_to(self, user):
        """The screens that the user may open."""
        return [screen for screen in self.values() if screen.open_to(user)]

    def searched(self, model):
        """The paths by which rows of a model are looked up: as its first screen does, else by code, name or title."""
        found = next((screen.search for screen in self.values() if screen.model is model and screen.search), ())
        return found or tuple(Path.of(model, name) for name in ("code", "name", "title", "number", "username") if name in model._meta.fields)
