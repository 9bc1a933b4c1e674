"""A server under test in this process, and the accounts that play in it: each role of one unit, its office and the nation."""
import threading
from contextlib import contextmanager

import waitress
from passlib.hash import argon2

import views
from backoffice.app import create_app
from models import clock
from models.exams.sites import ExamSite
from models.parameters import Parameter
from models.people import User
from models.reference import Institution, Province
from tests.world import PASSWORD, YEARS, account

SECRET = argon2.hash(PASSWORD)


@contextmanager
def served(settings, port=0):
    """The address of the whole program answering on a free port of this machine, or on the one that it believes to have itself. The clock of a
    story jumps: log-ins last as long as it does."""
    Parameter.update(value={"*": YEARS}).where(Parameter.name.in_(("login.idle_minutes", "login.longest_minutes"))).execute()
    Parameter.update(value=YEARS).where(Parameter.name == "login.fresh_minutes").execute()
    server = waitress.create_server(create_app(settings, views.register), host="127.0.0.1", port=port, threads=6)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(5)
        clock.stop()


def staff():
    """Log-ins of 10001 (Beijing), its office, centre and exam office, all with PASSWORD; an exam site."""
    unit = Institution.get(Institution.code == "10001")
    unit.taking_part = True
    unit.save()
    ExamSite.create(province=Province.get(Province.code == "11"), code="001", name="北京第一考点", capacity=300)
    for role in ("clerk", "reviewer"):
        account(role, role, institution=unit)
    account("officer", "officer", office=unit.office)
    for role in ("centre", "exam", "auditor", "it", "security"):
        account(role, role)
    User.update(password=SECRET).where(User.password.is_null()).execute()
