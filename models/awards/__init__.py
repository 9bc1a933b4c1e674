"""Stage 9: the degree - proposed by the passed defence, decided by the degree committee, with its certificate, correction and withdrawal."""
from models.awards.award import Award
from models.awards.meeting import Meeting
from models.awards.agenda import AgendaItem
from models.awards.numbers import T_BEFORE, certificate_faults
from models.awards.objection import AwardObjection
from models.awards.reissue import Reissue

__all__ = ["AgendaItem", "Award", "AwardObjection", "Meeting", "Reissue", "T_BEFORE", "certificate_faults"]
