"""The addresses of the program: fifteen hundred of them, of which a visitor meets a few dozen."""
from functools import cache

from werkzeug.routing import Rule


class LateRule(Rule):
    """An address whose builder, a small program of its own, is compiled when the address is first written and not when the program starts."""

    def _compile_builder(self, append_unknown=True):
        return _late(append_unknown)


@cache
def _late(append_unknown):
    name = "_build_unknown" if append_unknown else "_build"

    def build(rule, /, **values):
        compiled = Rule._compile_builder(rule, append_unknown).__get__(rule)
        setattr(rule, name, compiled)
        return compiled(**values)
    return build
