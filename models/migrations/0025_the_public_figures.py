"""What everybody may read in numbers, a row a day."""
from peewee import SqliteDatabase

TABLE = """
CREATE TABLE "public_figures" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "drawn_up_at" {moment} NOT NULL,
    "content" {json} NOT NULL
);
CREATE UNIQUE INDEX "public_figures_day" ON "public_figures" ("day");
"""


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "json": "TEXT"} if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "json": "JSONB"})
    for statement in TABLE.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
