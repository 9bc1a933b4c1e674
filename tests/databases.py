"""The database of each test: as it was after migration and reference data, whatever the test before did to it.

A file is copied on SQLite. On PostgreSQL copying a database of this many tables takes half a second, so one database is kept and
put back: every table remembers its rows, its count and its youngest transaction, and only what differs is written anew.
"""
import itertools
import shutil

import psycopg

KEEP = """
CREATE SCHEMA kept;
CREATE TABLE kept.mark (name text PRIMARY KEY, rows bigint, newest bigint);
CREATE TABLE kept.number AS SELECT format('public.%I', sequencename)::regclass AS name, last_value FROM pg_sequences WHERE schemaname = 'public';

CREATE PROCEDURE kept.keep() LANGUAGE plpgsql AS $$
DECLARE item text;
BEGIN
    FOR item IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', item || '_rows', item);
        INSERT INTO kept.mark VALUES (item, 0, 0);
        CALL kept.look(item);
    END LOOP;
END $$;

CREATE PROCEDURE kept.look(item text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE kept.mark SET (rows, newest) = (SELECT count(*), max(xmin::text::bigint) FROM public.%I) WHERE name = %L', item, item);
END $$;

CREATE PROCEDURE kept.put_back() LANGUAGE plpgsql AS $$
DECLARE item record; differs boolean;
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR item IN SELECT * FROM kept.mark LOOP
        EXECUTE format('SELECT (count(*), max(xmin::text::bigint)) IS DISTINCT FROM ($1, $2) FROM public.%I', item.name)
            INTO differs USING item.rows, item.newest;
        IF differs THEN
            EXECUTE format('DELETE FROM public.%I', item.name);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', item.name, item.name || '_rows');
            CALL kept.look(item.name);
        END IF;
    END LOOP;
    PERFORM setval(name, coalesce(last_value, 1), last_value IS NOT NULL) FROM kept.number;
END $$;

CALL kept.keep();
"""


class Sqlite:
    def __init__(self, folder):
        self.template = folder / "template.db"
        self.address = f"sqlite:///{self.template}"

    def keep(self):
        """The file as it is now is what every test gets a copy of."""

    def lend(self, folder):
        """The address of a database for one test."""
        shutil.copyfile(self.template, folder / "tongli.db")
        return f"sqlite:///{folder / 'tongli.db'}"

    def blank(self, folder):
        """The address of a database with nothing in it."""
        return f"sqlite:///{folder / 'blank.db'}"

    def take_back(self):
        """The file goes with the folder of the test."""

    def close(self):
        """Nothing was opened."""


class Postgres:
    numbers = itertools.count(1)            # of the process: a server lends to one lender after another

    def __init__(self, server):
        self.server, self.address = server, f"{server}/tests"
        self.admin = psycopg.connect(f"{server}/postgres", autocommit=True)
        self.admin.execute("CREATE DATABASE tests")

    def keep(self):
        self.keeper = psycopg.connect(self.address, autocommit=True)
        self.keeper.execute(KEEP)

    def lend(self, folder):
        return self.address

    def blank(self, folder):
        name = f"blank_{next(self.numbers)}"
        self.admin.execute(f"CREATE DATABASE {name}")
        return f"{self.server}/{name}"

    def take_back(self):
        """End whatever a test left open, then undo what it wrote."""
        self.keeper.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tests' AND pid <> pg_backend_pid()")
        self.keeper.execute("CALL kept.put_back()")

    def close(self):
        self.keeper.close()
        self.admin.execute("DROP DATABASE tests WITH (FORCE)")
        self.admin.close()
