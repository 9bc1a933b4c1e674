"""Sends the notices that steps wrote into the Outbox, by id, each through its channel; what fails is tried again after growing pauses."""
import datetime as dt
import logging

from models import clock
from models.audit import record
from models.base import writing
from models.outbox import Outbox
from models.people import User
from models.workflow import Reason, Refused
from tasks.channels import FAILURES, open_channels

log = logging.getLogger(__name__)
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (5, 20, 80, 320)]     # after each attempt but the last; meanwhile nobody else tries
_channels = {}


def configure(settings):
    """Open the channels of the settings."""
    _channels.clear()
    _channels.update(open_channels(settings))


def send_waiting():
    """Try every notice whose time has come."""
    for (notice_id,) in Outbox.select(Outbox.id).where(_free(clock.now())).order_by(Outbox.id).tuples():
        send(notice_id)


def send(notice_id):
    """Send one notice. Two workers that come at once: one of them sends it; one that dies meanwhile has it sent again after the pause."""
    now, notice = clock.now(), Outbox.get_by_id(notice_id)
    pause = PAUSES[min(notice.attempts, len(PAUSES) - 1)]
    if not (Outbox.update(attempts=notice.attempts + 1, sent_at=now, due_at=now + pause)
            .where(Outbox.id == notice_id, Outbox.attempts == notice.attempts, _free(now)).execute()):
        return
    user, channel = User.get_or_none(User.id == notice.user_id), _channels.get(notice.channel)
    if channel is None or user is None or not user.active or not channel.address(user):
        Outbox.update(state="none", due_at=None).where(Outbox.id == notice_id).execute()
        return
    try:
        channel.send(notice, user)
    except FAILURES as error:
        log.warning("notice %s, attempt %s: %s", notice_id, notice.attempts + 1, error)
        given_up = {"state": "failed", "due_at": None} if notice.attempts == len(PAUSES) else {}
        Outbox.update(error=f"{type(error).__name__}: {error}"[:500], **given_up).where(Outbox.id == notice_id).execute()
    else:
        Outbox.update(state="sent", error="", due_at=None).where(Outbox.id == notice_id).execute()


def _free(now):
    return (Outbox.state == "waiting") & (Outbox.due_at.is_null() | (Outbox.due_at <= now))


def send_again(row, by):
    """Let a notice that failed, or that was sent and did not arrive, go once more with all its attempts."""
    with writing():
        fresh = {"state": "waiting", "attempts": 0, "due_at": None, "error": ""}
        if not Outbox.update(fresh).where(Outbox.id == row.id, Outbox.state.in_(["failed", "sent"])).execute():
            raise Refused([Reason("这条通知现在不能重新发送", "发送失败、已发送", Outbox.get_by_id(row.id).state_label)])
        record(by, row, "send_again", "重新发送", states=(row.state, "waiting"))
