"""What a file from outside may be: sizes, and how much memory and time reading it may take."""
FILE_BYTES = 30 * 2**20
PARTS = 2_000                     # files inside a workbook
UNPACKED_BYTES = 400 * 2**20
RATIO = 250                       # a part that unpacks to more than so many times its size is no table that somebody filled
RATIO_FROM_BYTES = 4 * 2**20
ROWS = 200_000
COLUMNS = 200
CELLS = 6_000_000                 # rows times columns of the used rectangle
CELL_CHARACTERS = 32_767
MEMORY_BYTES = 1024 * 2**20       # address space of the child; 100,000 rows of 20 columns need a third of it
SECONDS = 60                      # of the processor
BATCH = 2_000                     # rows sent at once


class Unreadable(Exception):
    """The file cannot be read; the one sentence that says why."""


def over(what, limit, actual, unit=""):
    """The sentence for a limit that was passed."""
    return Unreadable(f"{what}：要求不超过 {limit:,}{unit}，实际 {actual:,}{unit}，差 {actual - limit:,}{unit}")
