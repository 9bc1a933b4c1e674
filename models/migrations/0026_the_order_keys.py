"""The key of the order that made a job: the same order sent again is the same job."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "job" ADD COLUMN "order_key" VARCHAR(64)')
    db.execute_sql('CREATE UNIQUE INDEX "job_order_key" ON "job" ("order_key")')
