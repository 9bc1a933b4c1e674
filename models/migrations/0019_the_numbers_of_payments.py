"""What banks and providers call a payment is sealed, in its rows and in their history; it is found by a blind index."""
import json

from peewee import SqliteDatabase

from models.sealed import blind, seal_text

SEALED = (("payment", "reference", "reference_index"), ("payment", "refund_reference", None), ("payment_try", "trade_number", "trade_index"),
          ("payment_notice", "trade_number", "trade_index"))
COLUMNS = """
ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{column}_plain";
ALTER TABLE "{table}" ADD COLUMN "{column}" TEXT;
"""
INDEX = """
ALTER TABLE "{table}" ADD COLUMN "{index}" VARCHAR(64);
CREATE INDEX "{table}_{index}" ON "{table}" ("{index}");
"""
VALUES = """
SELECT "version"."id", "entry"."entity", CAST("version"."values" AS TEXT) FROM "version" JOIN "entry" ON "entry"."id" = "version"."entry_id"
WHERE "entry"."entity" IN ('payment', 'payment_try', 'payment_notice')
"""


def up(migrator, db):
    mark, json_type = ("?", "TEXT") if isinstance(db, SqliteDatabase) else ("%s", "JSONB")
    for table, column, index in SEALED:
        for statement in (COLUMNS + (INDEX if index else "")).format(table=table, column=column, index=index).split(";\n"):
            if statement.strip():
                db.execute_sql(statement)
        for id, text in db.execute_sql(f"""SELECT "id", "{column}_plain" FROM "{table}" WHERE "{column}_plain" <> ''""").fetchall():
            db.execute_sql(f'UPDATE "{table}" SET "{column}" = {mark} WHERE "id" = {mark}', (seal_text(text, f"{table}.{column}"), id))
            if index:
                db.execute_sql(f'UPDATE "{table}" SET "{index}" = {mark} WHERE "id" = {mark}', (blind(text), id))
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}_plain"')
    for id, table, text in db.execute_sql(VALUES).fetchall():
        values = json.loads(text)
        named = [column for known, column, _ in SEALED if known == table and column in values]
        for column in named:
            values[column] = [side and seal_text(side, f"{table}.{column}") or None for side in values[column]]
        if named:
            db.execute_sql(f'UPDATE "version" SET "values" = CAST({mark} AS {json_type}) WHERE "id" = {mark}', (json.dumps(values, ensure_ascii=False), id))
