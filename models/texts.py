"""Text as it is kept (all stages): a line is one line, and nothing holds characters that no database, header, sheet or paper takes."""
import re

BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
PARTING = re.compile(r'[/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@[^\s@,;:<>()\[\]\\\"]+")


def one_line(text):
    """The text with every break and control character as a blank."""
    return BREAKS.sub(" ", text)


def file_name(text):
    """The text as the name of a file: one line, without what separates folders, devices or tags on any system."""
    return PARTING.sub("_", one_line(text))


def readable(text):
    """The text without control characters; its lines stay."""
    return UNSEEN.sub("", text)


def is_address(text):
    """Whether the text can be one mail address, and no more than one."""
    return bool(ADDRESS.fullmatch(text))
