"""Stages 3 and 6: templates for people who were confirmed before there were any, made from their kept prints before they sit an exam."""
import logging

from peewee import fn

from models import clock
from models.applications import Confirmation
from models.exams.entries import ExamEntry
from models.exams.seats import Seat
from models.exams.sessions import ExamSession
from models.fingerprints.templates import FINGERS, FingerTemplate, enrol, judged
from models.workflow import Refused

log = logging.getLogger(__name__)
AHEAD = clock.days(30)        # who has a seat so soon
MOST = 5_000                  # people of one night: some twenty minutes


def enrol_seated():
    """Templates for those with a seat in the coming weeks and none on file; a print that is too poor stays with the head of the site."""
    today = clock.today()
    seated = (Seat.select(ExamEntry.application).join(ExamEntry).join(ExamSession)
              .where(ExamSession.exam_on >= today, ExamSession.exam_on <= today + AHEAD))
    rows = Confirmation.select().where(Confirmation.valid, Confirmation.finger_one.is_null(False), Confirmation.application.in_(seated),
                                       ~fn.EXISTS(FingerTemplate.select(FingerTemplate.id).where(FingerTemplate.application == Confirmation.application))).limit(MOST)
    for row in rows:
        for name, finger in FINGERS.items():
            kept = getattr(row, name)
            try:
                if kept is not None:
                    enrol(None, row.application, finger, judged(kept.read()))
            except (Refused, ValueError, OSError) as error:
                log.info("no template of %s %s: %s", row.application_id, name, error)
