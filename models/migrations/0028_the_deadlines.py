"""A unit's register in the order of its deadlines."""
from models.indexing import build

atomic = False


def up(migrator, db):
    build(db, ['CREATE INDEX "application_institution_id_deadline" ON "application" ("institution_id", "deadline")'])
