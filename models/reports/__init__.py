"""Stage 10: terms, the units' reports with frozen lines, return, filing together with the annual report, and what follows after filing."""
from models.record import digest_of
from models.reports.amendment import Amendment
from models.reports.annual import AnnualReport, totals
from models.reports.comparing import compare, digests_of
from models.reports.extract import Extracted, extract
from models.reports.head import InstitutionHead
from models.reports.item import AmendmentItem
from models.reports.line import ReportLine
from models.reports.reminding import remind
from models.reports.report import Report
from models.reports.term import ReportTerm, next_semester

__all__ = ["Amendment", "AmendmentItem", "AnnualReport", "Extracted", "InstitutionHead", "Report", "ReportLine", "ReportTerm",
           "compare", "digest_of", "digests_of", "extract", "next_semester", "remind", "totals"]
