"""Templates of notices are texts of models/wording.py: what was {标题} becomes {{ 标题 }}, and a subject has room for it."""

SUBJECT = ('ALTER TABLE "notice_template" RENAME COLUMN "subject" TO "subject_before"', 'ALTER TABLE "notice_template" ADD COLUMN "subject" VARCHAR(240) NOT NULL DEFAULT \'\'',
           """UPDATE "notice_template" SET "subject" = REPLACE(REPLACE("subject_before", '{', '{{ '), '}', ' }}'), "body" = REPLACE(REPLACE("body", '{', '{{ '), '}', ' }}')""",
           'ALTER TABLE "notice_template" DROP COLUMN "subject_before"')


def up(migrator, db):
    for statement in SUBJECT:
        db.execute_sql(statement)
