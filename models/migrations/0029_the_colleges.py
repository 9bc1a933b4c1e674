"""The colleges of units: a programme, its cases and an account may belong to one."""
from peewee import SqliteDatabase

from models.indexing import build

atomic = False
TABLE = """CREATE TABLE IF NOT EXISTS "college" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "code" VARCHAR(20),
    "name" VARCHAR(40) NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
)"""
MEMBERS = ("programme", "application", "account", "import_run", "own_view")
INDEXES = (
    'CREATE INDEX "college_institution_id" ON "college" ("institution_id")',
    'CREATE UNIQUE INDEX "college_institution_id_name" ON "college" ("institution_id", "name")',
    'CREATE UNIQUE INDEX "college_institution_id_code" ON "college" ("institution_id", "code")',
    *(f'CREATE INDEX "{table}_college_id" ON "{table}" ("college_id")' for table in MEMBERS if table != "application"),
    *(f'CREATE INDEX "application_college_id_{name}" ON "application" ("college_id", "{name}") WHERE ("college_id" IS NOT NULL)'
      for name in ("id", "state", "submitted_at", "registered_on", "deadline")))


def up(migrator, db):
    db.execute_sql(TABLE.format(id="INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" if isinstance(db, SqliteDatabase) else "SERIAL NOT NULL PRIMARY KEY"))
    for table in MEMBERS:
        if "college_id" not in {column.name for column in db.get_columns(table)}:
            db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "college_id" INTEGER REFERENCES "college" ("id") ON DELETE RESTRICT')
    build(db, INDEXES)
