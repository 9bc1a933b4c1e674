"""The forms that are printed from a screen: of which kind of record each is and who prints it. A screen chooses among them, and a site may lay out
anew what has no fixed place on the paper."""
from dataclasses import dataclass

from models.printouts import FIELDS, MORE, PRINTERS
from models.printouts import FORMS as OF_CASES
from tasks.print import cases, degrees, seating, tickets, transcripts

AT_THE_SITE = ("exam", "site_head", "door")
TEXTS = ("title", "intro", "text", "boxes", "notes")


@dataclass(frozen=True)
class Form:
    """One kind of paper: its name in screen files, what it is called, the kind of record that it is about, and the roles that print it. `fields`
    are the names of what stands on it, `columns` those of its table and `of` the kind of record of a line that may have fields of the site's own, `more` what
    only a text may name, `also` the kind of record of the papers that were issued, whose screen prints it too, `parts` the words that a layout of it may
    have; without any it is fixed."""
    name: str
    label: str
    model: str
    printers: tuple = PRINTERS
    fields: tuple = ()
    columns: tuple = ()
    of: str = ""
    more: tuple = ()
    also: str = ""
    parts: tuple = (*TEXTS, "fields", "columns")


def _names(columns):
    return tuple(name for name, *_ in columns)


FORMS = {form.name: form for form in (
    *(Form(name, label, "Application", fields=FIELDS[name], columns=_names(cases.TABLE) if name == "defence" else (), more=MORE[name],
           parts=(*TEXTS, "fields", *(["columns"] if name == "defence" else ()))) for name, label in OF_CASES.items()),
    Form("transcript", "成绩单", "Application", fields=tuple(label for _, label in transcripts.FACTS), columns=_names(transcripts.COLUMNS), more=tuple(label for _, label in transcripts.MORE),
         also="Transcript"),
    Form("certificate", "学位证书数据表", "Award", fields=degrees.CERTIFIED, columns=_names(degrees.ISSUES), more=degrees.MORE["certificate"]),
    Form("degree_list", "学位授予名单", "Meeting", fields=degrees.LISTED, columns=_names(degrees.COLUMNS), of="Award", more=degrees.MORE["degree_list"]),
    Form("door", seating.PAPERS["door"], "SeatedRoom", AT_THE_SITE, columns=_names(seating.DOOR), more=seating.MORE["door"], parts=(*TEXTS, "columns")),
    Form("map", seating.PAPERS["map"], "SeatedRoom", AT_THE_SITE, parts=()),
    Form("packing", seating.PAPERS["packing"], "SeatedRoom", AT_THE_SITE, columns=_names(seating.PACKING), more=seating.MORE["packing"], parts=(*TEXTS, "columns")),
    Form("tickets", "准考证", "SeatedRoom", tickets.PRINTERS, fields=tickets.LABELS, more=("考试",), parts=("title", "fields", "notes")))}
