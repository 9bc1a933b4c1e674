"""Where entities get a face: one grid per screen, the pages with behaviour of their own, the applicant site, the tiles of the desk."""
from pathlib import Path

from backoffice import export
from backoffice.configuring import Configure
from backoffice.grid import Grid
from backoffice.own import OwnGrid
from backoffice.powers import Powers
from backoffice.screens import Screens
from models.registry import ENTITIES
from models.screens import applied
from tasks.print.forms import FORMS
from views import api, charts, durations, exam_statistics, site, statistics, tiles
from views.accounts import UserGrid
from views.amending import AmendmentGrid, AmendmentItemGrid
from views.awards import AwardGrid, MeetingGrid
from views.cases import CaseGrid, StumpGrid
from views.changes import DismissalGrid, ReleaseRequestGrid
from views.confirming import ConfirmationGrid
from views.defence_days import DefenceDay
from views.defending import DefenceGrid, DefenceRequestGrid, ThesisGrid
from views.deeds import JobGrid, NoticeGrid, TimedGrid
from views.door import Door
from views.door_head import DoorHead
from views.imports import wizard
from views.guiding import Guide
from views.legacy import LegacyGrid
from views.notice_templates import NoticeTemplateGrid
from views.parameters import ParameterGrid
from views.programmes import ProgrammeGrid
from views.rechecks import FindingGrid, RecheckGrid
from views.reporting import ReportGrid, ReportLineGrid
from views.results import ExamResultGrid
from views.retention import RetentionGrid
from views.reviewing import Review
from views.seating import SeatedRoomGrid, SeatPlanGrid
from views.season import Season
from views.terms import TermGrid
from views.tokens import TokenGrid
from views.transcripts import TranscriptGrid

SHIPPED = Path(__file__).parent / "screens"
GRIDS = {grid.__name__: grid for grid in (
    AmendmentGrid, AmendmentItemGrid, AwardGrid, CaseGrid, ConfirmationGrid, DefenceGrid, DefenceRequestGrid, DismissalGrid, ExamResultGrid, FindingGrid, JobGrid, LegacyGrid, MeetingGrid, NoticeGrid, NoticeTemplateGrid, ParameterGrid,
    ProgrammeGrid, RecheckGrid, ReleaseRequestGrid, ReportGrid, ReportLineGrid, RetentionGrid, SeatedRoomGrid, SeatPlanGrid, StumpGrid, TermGrid, ThesisGrid, TimedGrid, TokenGrid, TranscriptGrid, UserGrid)}


def load_screens(site_folder):
    """The shipped screens with the site's own folder over them; raises backoffice.screens.Problems. What was
    applied in the browser is taken over by `refresh`."""
    return Screens(SHIPPED, site_folder, ENTITIES, grids=GRIDS, versions=applied, forms=FORMS)


def register(app, admin):
    """Give the application its screens, pages and tiles."""
    screens = app.extensions["screens"] = load_screens(app.settings.site_screens)
    export.configure(screens)
    for name, screen in screens.items():
        if not screen.own:
            admin.add_view(GRIDS.get(screen.grid, Grid)(screens, name, wizard.way_in))
    admin.add_view(OwnGrid(screens))
    admin.add_view(Configure(screens))
    admin.add_view(Powers(screens))
    admin.add_view(wizard.Wizard())
    admin.add_view(durations.Durations())
    admin.add_view(Season())
    admin.add_view(statistics.Statistics())
    admin.add_view(Review(screens))
    admin.add_view(DefenceDay(screens))
    admin.add_view(exam_statistics.ExamStatistics())
    admin.add_view(Door())
    admin.add_view(DoorHead())
    admin.add_view(Guide())
    tiles.register(admin.index_view)
    charts.register(admin.index_view)
    site.register(app)
    api.register(app)
