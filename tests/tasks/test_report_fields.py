"""The docs page of reporting says of the fields what the program does."""
import config
from models.record import FIELDS
from tasks.reporting.fields import table


def test_the_table_of_fields_on_the_docs_page_is_that_of_the_program():
    lines = (config.ROOT / "docs/reporting.md").read_text("utf-8").splitlines()
    start = lines.index(table()[0])
    assert lines[start:start + len(FIELDS) + 3] == [*table(), ""]
