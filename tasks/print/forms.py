"""The forms that are printed from a screen: of which kind of record each is and who prints it. A screen chooses among them, and a site may lay out
those of a case anew."""
from dataclasses import dataclass

from models.printouts import FIELDS, MORE, PRINTERS
from models.printouts import FORMS as OF_CASES
from tasks.print import transcripts
from tasks.print.seating import PAPERS

AT_THE_SITE = ("exam", "site_head", "door")


@dataclass(frozen=True)
class Form:
    """One kind of paper: its name in screen files, what it is called, the kind of record that it is about, and the roles that print it. `fields`
    are the names of what stands on it, `more` what only a text may name; without any its layout is fixed."""
    name: str
    label: str
    model: str
    printers: tuple = PRINTERS
    fields: tuple = ()
    more: tuple = ()


FORMS = {form.name: form for form in (
    *(Form(name, label, "Application", PRINTERS, FIELDS[name], MORE[name]) for name, label in OF_CASES.items()),
    Form("transcript", "成绩单", "Application", PRINTERS, *(tuple(label for _, label in part) for part in (transcripts.FACTS, transcripts.MORE))),
    Form("certificate", "学位证书数据表", "Award"), Form("degree_list", "学位授予名单", "Meeting"),
    *(Form(name, label, "SeatedRoom", AT_THE_SITE) for name, label in PAPERS.items()), Form("tickets", "准考证", "SeatedRoom", ("exam",)))}
