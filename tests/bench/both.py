"""What every benchmark does on both databases: a fresh one of each, migrated, and closed when it is measured."""
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

import config
from models.base import db
from tasks import setup
from tests import servers


def on_both(measured):
    """The rows of `measured(name, address, folder)` for SQLite and then for PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        found = measured("sqlite", "", Path(folder))
    with servers.postgresql() as server, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute("CREATE DATABASE bench")
        return found + measured("postgresql", f"{server}/bench", Path(folder))


@contextmanager
def opened(address, folder):
    """The block in which the database is open, and jobs are done when they are submitted."""
    setup.open_all(config.load(environ={}, demo=True, instance_dir=folder, database_url=address), immediate=True)
    setup.bring_up_to_date()
    db.connect(reuse_if_open=True)
    try:
        yield
    finally:
        db.close_all()
        db.initialize(None)
