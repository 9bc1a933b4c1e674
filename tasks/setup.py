"""Opening what the settings name, and what is put there first: the schema, reference data, and accounts made at the command line."""
import gc
import secrets

import config
from models import auditdays, base, files, measures, registry, sealed, viruses
from models.exams import signed
from models.people import Grant, Role, User
from models.reference import Institution, Office
from models.roles import ROLES
from models.workflow import Refused
from tasks import jobs, notices, queue, tallies, timetable
from tasks.backup import making
from tasks.paying import till


COLLECT = 50_000, 20, 50        # thousands of rows come and go with every list and import, and make no cycles: cycles are looked for rarely


def open_all(settings, immediate=False):
    """Make the database, the keys, the file store, the mail and the queue of `settings` the ones in use."""
    gc.set_threshold(*COLLECT)
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    measures.configure(settings.slow_query_ms)
    base.connect(settings.database)
    sealed.configure(config.parse_keys(settings.seal_keys), config.blind_key(settings))
    auditdays.configure(config.audit_key(settings))
    signed.configure(config.ticket_key(settings))
    files.configure(settings.files_dir)
    tallies.configure(settings)
    viruses.configure(settings)
    notices.configure(settings)
    jobs.configure(settings)
    making.configure(settings)
    till.configure(settings)
    queue.configure(settings, immediate)


def bring_up_to_date():
    """Migrate the open database and load what it lacks of the reference data; safe to repeat."""
    with queue.connected():
        registry.migrate()
        registry.load_reference()
        timetable.enter()


def create_account(username, role, name="", email=None, institution=None, office=None):
    """An account with one role, and with the place that the level of the role asks for; it has no password yet."""
    place = {}
    for level, option, kind, code in (("unit", "institution", Institution, institution), ("office", "office", Office, office)):
        if ROLES[role][1] == level:
            place[option] = kind.get_or_none(kind.code == code)
            if place[option] is None:
                raise Refused([f"角色“{ROLES[role][0]}”须用 --{option} 指明{kind.label}的代码，实际 {code or '没有写'}"])
    with base.writing():
        account = User.add(None, username=username, name=name or username, email=email, fs_uniquifier=secrets.token_hex(32), **place)
        Grant.add(None, user=account, role=Role.get(Role.name == role))
    return account
