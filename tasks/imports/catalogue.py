"""All imports by name; whoever needs the whole of them takes them from here, so that every description is read."""
from tasks.imports import added, applications, courses, degrees, exams, legacy, people        # noqa: F401  each description registers itself
from tasks.imports.description import IMPORTS

__all__ = ["IMPORTS", "open_to"]


def open_to(user):
    """The imports that the user may do."""
    return [imported for imported in IMPORTS.values() if imported.open_to(user)]
