"""Stages 8 and 9: the request for the defence, the thesis with its reviewers, the defence with committee and ballot."""
from models.defences.committee import CommitteeMember
from models.defences.defence import Defence, votes_needed
from models.defences.request import CheckItem, DefenceRequest, RequestDocument, attach, request_defence
from models.defences.thesis import Thesis, ThesisReviewer
from models.staff import same_person

__all__ = ["CheckItem", "CommitteeMember", "Defence", "DefenceRequest", "RequestDocument", "Thesis", "ThesisReviewer", "attach", "request_defence",
           "same_person", "votes_needed"]
