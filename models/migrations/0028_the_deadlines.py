"""A unit's register in the order of its deadlines."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "application_institution_id_deadline" ON "application" ("institution_id", "deadline")')
