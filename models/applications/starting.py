"""Stage 2: a case begins as a draft."""
from models.applications.application import Application
from models.base import writing
from models.identity import RESIDENT_CARD
from models.parameters import within_window
from models.workflow import Reason, Refused


def start(person, programme, by):
    """Open a draft of `person` for `programme`; refused when the programme is not published or another case lives.

    A case of the person that is frozen until its dismissal is final is given up by it."""
    if programme.state != "published":
        raise Refused([Reason("这个学科没有发布或已经关闭，不能申请")])
    closed = within_window(programme.apply_from, programme.apply_until, "申请")
    if closed:
        raise Refused([closed])
    draft = Application(person=person, programme=programme)
    other = draft.other_live_case(None)
    if other:
        raise Refused([other])
    with writing():
        for frozen in person.applications.where(Application.state == "frozen"):
            frozen.dismissals.where(frozen.dismissals.model.state == "approved").get().end(by=by)
        return Application.add(by, person=person, programme=programme, institution=programme.institution_id, college=programme.college_id,
                               discipline=programme.discipline_id, year=programme.year, language="01" if person.document_type == RESIDENT_CARD else "")
