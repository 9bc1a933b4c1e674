"""What a request sends, without the one character that no database keeps as text."""
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items


class Sent(ImmutableMultiDict):
    """Arguments or fields of a form."""

    def __init__(self, mapping=None):
        super().__init__([(name, text.replace("\x00", "") if isinstance(text, str) else text) for name, text in iter_multi_items(mapping or ())])


class Asked(Request):
    parameter_storage_class = Sent
