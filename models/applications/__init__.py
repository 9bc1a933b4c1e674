"""Stages 2 to 9: one case from draft to award, its materials and its on-site confirmation."""
from models.applications.application import APPLYING, DEGREES, GROUNDS, Application
from models.applications.confirmation import Confirmation
from models.applications.document import Document
from models.applications.starting import start
from models.applications.submitting import LIVE, ON_REGISTER, latest_bachelor_date

__all__ = ["APPLYING", "Application", "Confirmation", "DEGREES", "Document", "GROUNDS", "LIVE", "ON_REGISTER", "latest_bachelor_date", "start"]
