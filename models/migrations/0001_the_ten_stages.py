"""All tables of the ten stages, with their constraints and indexes, for SQLite and PostgreSQL."""
from peewee import SqliteDatabase

TABLES = """
CREATE TABLE "entry" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "at" {moment} NOT NULL,
    "user_id" INTEGER,
    "user_name" VARCHAR(80) NOT NULL,
    "address" VARCHAR(64) NOT NULL,
    "entity" VARCHAR(40) NOT NULL,
    "row_id" INTEGER,
    "case_ref" INTEGER,
    "verb" VARCHAR(40) NOT NULL,
    "verb_label" VARCHAR(40) NOT NULL,
    "old_state" VARCHAR(20),
    "new_state" VARCHAR(20),
    "reason" TEXT NOT NULL,
    "names" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL
);
CREATE INDEX "entry_at" ON "entry" ("at");
CREATE INDEX "entry_user_id" ON "entry" ("user_id");
CREATE INDEX "entry_entity_row_id" ON "entry" ("entity", "row_id");
CREATE INDEX "entry_case_ref" ON "entry" ("case_ref");
CREATE TABLE "version" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "case_ref" INTEGER,
    "values" {json} NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "entry" ("id") ON DELETE RESTRICT
);
CREATE INDEX "version_entry_id" ON "version" ("entry_id");
CREATE INDEX "version_case_ref" ON "version" ("case_ref");
CREATE TABLE "outbox" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "template" VARCHAR(60) NOT NULL,
    "subject" VARCHAR(120) NOT NULL,
    "body" TEXT NOT NULL,
    "data" {json} NOT NULL,
    "key" VARCHAR(120),
    "state" VARCHAR(10) NOT NULL,
    "attempts" INTEGER NOT NULL,
    "error" TEXT NOT NULL,
    "created_at" {moment} NOT NULL,
    "sent_at" {moment},
    "read_at" {moment}
);
CREATE INDEX "outbox_user_id" ON "outbox" ("user_id");
CREATE UNIQUE INDEX "outbox_key" ON "outbox" ("key");
CREATE INDEX "outbox_state_id" ON "outbox" ("state", "id");
CREATE TABLE "serial" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "key" VARCHAR(60) NOT NULL,
    "last" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "serial_key" ON "serial" ("key");
CREATE TABLE "province" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "code" VARCHAR(2) NOT NULL,
    "name" VARCHAR(20) NOT NULL,
    "short_name" VARCHAR(10) NOT NULL
);
CREATE UNIQUE INDEX "province_code" ON "province" ("code");
CREATE TABLE "office" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "code" VARCHAR(2) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "province_id" INTEGER,
    "kind" VARCHAR(20) NOT NULL,
    FOREIGN KEY ("province_id") REFERENCES "province" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "office_code" ON "office" ("code");
CREATE INDEX "office_province_id" ON "office" ("province_id");
CREATE TABLE "institution" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "code" VARCHAR(5) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "province_id" INTEGER NOT NULL,
    "office_id" INTEGER NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "taking_part" {flag} NOT NULL,
    FOREIGN KEY ("province_id") REFERENCES "province" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("office_id") REFERENCES "office" ("id") ON DELETE RESTRICT,
    CHECK (length(code) = 5)
);
CREATE UNIQUE INDEX "institution_code" ON "institution" ("code");
CREATE INDEX "institution_province_id" ON "institution" ("province_id");
CREATE INDEX "institution_office_id" ON "institution" ("office_id");
CREATE TABLE "institution_name" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "valid_from" DATE,
    "valid_to" DATE,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "institution_name_institution_id" ON "institution_name" ("institution_id");
CREATE TABLE "discipline" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "catalogue" VARCHAR(4) NOT NULL,
    "code" VARCHAR(6) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "level" VARCHAR(8) NOT NULL,
    "parent_code" VARCHAR(6) NOT NULL,
    "categories" VARCHAR(60) NOT NULL,
    "valid_from" DATE,
    "valid_to" DATE,
    "has_comprehensive_exam" {flag} NOT NULL,
    "note" TEXT NOT NULL
);
CREATE UNIQUE INDEX "discipline_catalogue_code" ON "discipline" ("catalogue", "code");
CREATE TABLE "code" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "code" VARCHAR(6) NOT NULL,
    "name" VARCHAR(60) NOT NULL
);
CREATE UNIQUE INDEX "code_kind_code" ON "code" ("kind", "code");
CREATE TABLE "announcement" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "body" TEXT NOT NULL,
    "until" DATE,
    "published_at" DATE,
    "state" VARCHAR(10) NOT NULL
);
CREATE TABLE "parameter" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "title" VARCHAR(80) NOT NULL,
    "value" {json} NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "institution_id" INTEGER,
    "source" TEXT NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "parameter_name" ON "parameter" ("name");
CREATE INDEX "parameter_institution_id" ON "parameter" ("institution_id");
CREATE TABLE "file" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "token" VARCHAR(32) NOT NULL,
    "name" VARCHAR(120) NOT NULL,
    "kind" VARCHAR(12) NOT NULL,
    "content_type" VARCHAR(80) NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" VARCHAR(64) NOT NULL,
    "encrypted" {flag} NOT NULL,
    "institution_id" INTEGER,
    "person_ref" INTEGER,
    "case_ref" INTEGER,
    "user_ref" INTEGER,
    "created_at" {moment} NOT NULL,
    "expires_at" {moment},
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "file_token" ON "file" ("token");
CREATE INDEX "file_institution_id" ON "file" ("institution_id");
CREATE INDEX "file_person_ref" ON "file" ("person_ref");
CREATE INDEX "file_case_ref" ON "file" ("case_ref");
CREATE INDEX "file_user_ref" ON "file" ("user_ref");
CREATE INDEX "file_expires_at" ON "file" ("expires_at");
CREATE TABLE "person" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "name_pinyin" VARCHAR(60) NOT NULL,
    "document_type" VARCHAR(2) NOT NULL,
    "document_number" TEXT NOT NULL,
    "document_index" VARCHAR(64),
    "sex" VARCHAR(1) NOT NULL,
    "birth_date" DATE,
    "country" VARCHAR(3) NOT NULL,
    "ethnic_group" VARCHAR(2) NOT NULL,
    "political_status" VARCHAR(2) NOT NULL,
    "phone" TEXT,
    "phone_index" VARCHAR(64),
    "email" VARCHAR(120) NOT NULL,
    "consent_version" VARCHAR(20) NOT NULL,
    "consented_at" {moment},
    "created_at" {moment} NOT NULL
);
CREATE INDEX "person_name" ON "person" ("name");
CREATE UNIQUE INDEX "person_document_index" ON "person" ("document_index");
CREATE INDEX "person_phone_index" ON "person" ("phone_index");
CREATE TABLE "role" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(20) NOT NULL,
    "description" VARCHAR(40) NOT NULL,
    "permissions" {json}
);
CREATE UNIQUE INDEX "role_name" ON "role" ("name");
CREATE TABLE "account" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "username" VARCHAR(80),
    "name" VARCHAR(40) NOT NULL,
    "email" VARCHAR(120),
    "password" TEXT,
    "state" VARCHAR(10) NOT NULL,
    "institution_id" INTEGER,
    "office_id" INTEGER,
    "site_ref" INTEGER,
    "person_id" INTEGER,
    "fs_uniquifier" VARCHAR(64) NOT NULL,
    "must_change" {flag} NOT NULL,
    "failed" INTEGER NOT NULL,
    "locked_until" {moment},
    "settings" {json} NOT NULL,
    "confirmed_at" {moment},
    "last_login_at" {moment},
    "current_login_at" {moment},
    "last_login_ip" VARCHAR(64),
    "current_login_ip" VARCHAR(64),
    "login_count" INTEGER,
    "tf_primary_method" VARCHAR(64),
    "tf_totp_secret" VARCHAR(255),
    "tf_phone_number" VARCHAR(128),
    "mf_recovery_codes" {json},
    "fs_webauthn_user_handle" VARCHAR(64),
    "create_datetime" {moment} NOT NULL,
    "update_datetime" {moment} NOT NULL,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("office_id") REFERENCES "office" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "account_username" ON "account" ("username");
CREATE UNIQUE INDEX "account_email" ON "account" ("email");
CREATE INDEX "account_institution_id" ON "account" ("institution_id");
CREATE INDEX "account_office_id" ON "account" ("office_id");
CREATE UNIQUE INDEX "account_person_id" ON "account" ("person_id");
CREATE UNIQUE INDEX "account_fs_uniquifier" ON "account" ("fs_uniquifier");
CREATE UNIQUE INDEX "account_fs_webauthn_user_handle" ON "account" ("fs_webauthn_user_handle");
CREATE TABLE "account_grant" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "role_id" INTEGER NOT NULL,
    "until" DATE,
    FOREIGN KEY ("user_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE RESTRICT
);
CREATE INDEX "account_grant_user_id" ON "account_grant" ("user_id");
CREATE INDEX "account_grant_role_id" ON "account_grant" ("role_id");
CREATE UNIQUE INDEX "account_grant_user_id_role_id" ON "account_grant" ("user_id", "role_id");
CREATE TABLE "job" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "kind" VARCHAR(40) NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "params" {json} NOT NULL,
    "user_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "owner" VARCHAR(60),
    "beat" {moment},
    "attempts" INTEGER NOT NULL,
    "done" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "message" VARCHAR(200) NOT NULL,
    "error" TEXT NOT NULL,
    "checkpoint" {json},
    "result_id" INTEGER,
    "created_at" {moment} NOT NULL,
    "finished_at" {moment},
    FOREIGN KEY ("result_id") REFERENCES "file" ("id") ON DELETE SET NULL
);
CREATE INDEX "job_user_id" ON "job" ("user_id");
CREATE INDEX "job_result_id" ON "job" ("result_id");
CREATE INDEX "job_state_id" ON "job" ("state", "id");
CREATE TABLE "programme" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "discipline_id" INTEGER NOT NULL,
    "year" INTEGER NOT NULL,
    "direction" VARCHAR(120) NOT NULL,
    "year_limit" INTEGER NOT NULL,
    "min_credits" NUMERIC(5, 1) NOT NULL,
    "apply_from" DATE NOT NULL,
    "apply_until" DATE NOT NULL,
    "confirm_from" DATE NOT NULL,
    "confirm_until" DATE NOT NULL,
    "place" VARCHAR(120) NOT NULL,
    "materials" TEXT NOT NULL,
    "contact" VARCHAR(60) NOT NULL,
    "phone" VARCHAR(60) NOT NULL,
    "course_valid_years" INTEGER,
    "exam_valid_years" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "published_at" {moment},
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("discipline_id") REFERENCES "discipline" ("id") ON DELETE RESTRICT,
    CHECK (min_credits > 0),
    CHECK (year_limit > 0),
    CHECK (state in ('draft','published','closed'))
);
CREATE INDEX "programme_institution_id" ON "programme" ("institution_id");
CREATE INDEX "programme_discipline_id" ON "programme" ("discipline_id");
CREATE UNIQUE INDEX "programme_institution_id_discipline_id_year" ON "programme" ("institution_id", "discipline_id", "year");
CREATE INDEX "programme_state_year" ON "programme" ("state", "year");
CREATE TABLE "training_plan" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "programme_id" INTEGER NOT NULL,
    "name" VARCHAR(80) NOT NULL,
    "note" TEXT NOT NULL,
    FOREIGN KEY ("programme_id") REFERENCES "programme" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "training_plan_programme_id" ON "training_plan" ("programme_id");
CREATE TABLE "course" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "plan_id" INTEGER NOT NULL,
    "code" VARCHAR(20) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "credits" NUMERIC(4, 1) NOT NULL,
    "required" {flag} NOT NULL,
    "pass_mark" NUMERIC(4, 1) NOT NULL,
    "offered" {flag} NOT NULL,
    FOREIGN KEY ("plan_id") REFERENCES "training_plan" ("id") ON DELETE RESTRICT,
    CHECK (credits > 0),
    CHECK (pass_mark >= 0 and pass_mark <= 100)
);
CREATE INDEX "course_plan_id" ON "course" ("plan_id");
CREATE UNIQUE INDEX "course_plan_id_code" ON "course" ("plan_id", "code");
CREATE TABLE "application" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "number" VARCHAR(20),
    "person_id" INTEGER NOT NULL,
    "programme_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "discipline_id" INTEGER NOT NULL,
    "year" INTEGER NOT NULL,
    "state" VARCHAR(20) NOT NULL,
    "degree_ground" VARCHAR(10) NOT NULL,
    "degree_unit" VARCHAR(60) NOT NULL,
    "degree_unit_code" VARCHAR(5) NOT NULL,
    "degree_date" DATE,
    "degree_category" VARCHAR(3) NOT NULL,
    "degree_subject" VARCHAR(60) NOT NULL,
    "degree_number" VARCHAR(40) NOT NULL,
    "foreign_degree" {flag} NOT NULL,
    "certification_number" VARCHAR(40) NOT NULL,
    "graduated_from" VARCHAR(60) NOT NULL,
    "graduated_from_code" VARCHAR(5) NOT NULL,
    "education_level" VARCHAR(2) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "employer" VARCHAR(80) NOT NULL,
    "employer_address" VARCHAR(120) NOT NULL,
    "employer_postcode" VARCHAR(6) NOT NULL,
    "post" VARCHAR(40) NOT NULL,
    "professional_title" VARCHAR(40) NOT NULL,
    "years_of_work" INTEGER,
    "achievements" TEXT NOT NULL,
    "address" VARCHAR(120) NOT NULL,
    "photo_id" INTEGER,
    "created_at" {moment} NOT NULL,
    "submitted_at" {moment},
    "confirmed_at" {moment},
    "reviewed_at" {moment},
    "reviewer_id" INTEGER,
    "opinion" TEXT NOT NULL,
    "returned_reason" TEXT NOT NULL,
    "register_number" VARCHAR(24),
    "registered_on" DATE,
    "year_limit" INTEGER,
    "min_credits" NUMERIC(5, 1),
    "deadline" DATE,
    "dismissed_at" {moment},
    "dismissal_ground" VARCHAR(16) NOT NULL,
    "dismissal_reason" TEXT NOT NULL,
    "cleared" {json} NOT NULL,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("programme_id") REFERENCES "programme" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("discipline_id") REFERENCES "discipline" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("photo_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("reviewer_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    CHECK (state <> 'registered' or (registered_on is not null and deadline is not null and register_number is not null))
);
CREATE UNIQUE INDEX "application_number" ON "application" ("number");
CREATE INDEX "application_person_id" ON "application" ("person_id");
CREATE INDEX "application_programme_id" ON "application" ("programme_id");
CREATE INDEX "application_institution_id" ON "application" ("institution_id");
CREATE INDEX "application_discipline_id" ON "application" ("discipline_id");
CREATE INDEX "application_photo_id" ON "application" ("photo_id");
CREATE INDEX "application_reviewer_id" ON "application" ("reviewer_id");
CREATE UNIQUE INDEX "application_register_number" ON "application" ("register_number");
CREATE INDEX "application_institution_id_state" ON "application" ("institution_id", "state");
CREATE INDEX "application_state_deadline" ON "application" ("state", "deadline");
CREATE INDEX "application_institution_id_submitted_at" ON "application" ("institution_id", "submitted_at");
CREATE INDEX "application_institution_id_registered_on" ON "application" ("institution_id", "registered_on");
CREATE INDEX "application_submitted_at" ON "application" ("submitted_at");
CREATE INDEX "application_registered_on" ON "application" ("registered_on");
CREATE UNIQUE INDEX "application_one_live" ON "application" ("person_id") WHERE state IN ('draft', 'submitted', 'returned', 'confirmed', 'registered', 'defence_requested', 'defence_admitted', 'defended');
CREATE TABLE "document" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "title" VARCHAR(40) NOT NULL,
    "file_id" INTEGER NOT NULL,
    "created_at" {moment} NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("file_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE INDEX "document_application_id" ON "document" ("application_id");
CREATE INDEX "document_file_id" ON "document" ("file_id");
CREATE TABLE "confirmation" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "originals" {json} NOT NULL,
    "biometric_consent" {flag} NOT NULL,
    "scene_id" INTEGER,
    "finger_one_id" INTEGER,
    "finger_two_id" INTEGER,
    "no_fingers_reason" VARCHAR(120) NOT NULL,
    "witness_id" INTEGER,
    "form_scan_id" INTEGER,
    "confirmed_by_id" INTEGER NOT NULL,
    "confirmed_at" {moment} NOT NULL,
    "valid" {flag} NOT NULL,
    "note" TEXT NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("scene_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("finger_one_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("finger_two_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("witness_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("form_scan_id") REFERENCES "file" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("confirmed_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "confirmation_application_id" ON "confirmation" ("application_id");
CREATE INDEX "confirmation_institution_id" ON "confirmation" ("institution_id");
CREATE INDEX "confirmation_scene_id" ON "confirmation" ("scene_id");
CREATE INDEX "confirmation_finger_one_id" ON "confirmation" ("finger_one_id");
CREATE INDEX "confirmation_finger_two_id" ON "confirmation" ("finger_two_id");
CREATE INDEX "confirmation_witness_id" ON "confirmation" ("witness_id");
CREATE INDEX "confirmation_form_scan_id" ON "confirmation" ("form_scan_id");
CREATE INDEX "confirmation_confirmed_by_id" ON "confirmation" ("confirmed_by_id");
CREATE UNIQUE INDEX "confirmation_one_valid" ON "confirmation" ("application_id") WHERE "valid";
CREATE TABLE "course_result" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "course_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "score" NUMERIC(4, 1) NOT NULL,
    "passed" {flag} NOT NULL,
    "taken_on" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "published_at" {moment},
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("course_id") REFERENCES "course" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    CHECK (score >= 0 and score <= 100),
    CHECK (attempt >= 1)
);
CREATE INDEX "course_result_application_id" ON "course_result" ("application_id");
CREATE INDEX "course_result_course_id" ON "course_result" ("course_id");
CREATE INDEX "course_result_institution_id" ON "course_result" ("institution_id");
CREATE UNIQUE INDEX "course_result_application_id_course_id_attempt" ON "course_result" ("application_id", "course_id", "attempt");
CREATE INDEX "course_result_institution_id_state" ON "course_result" ("institution_id", "state");
CREATE TABLE "subject" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "code" VARCHAR(3) NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "kind" VARCHAR(14) NOT NULL,
    "starts" TIME NOT NULL,
    "ends" TIME NOT NULL,
    "disciplines" TEXT NOT NULL
);
CREATE UNIQUE INDEX "subject_code" ON "subject" ("code");
CREATE TABLE "exam_session" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "year" INTEGER NOT NULL,
    "entry_from" DATE NOT NULL,
    "entry_until" DATE NOT NULL,
    "ticket_from" DATE,
    "ticket_until" DATE,
    "exam_on" DATE NOT NULL,
    "fee" NUMERIC(7, 2) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "published_at" {moment}
);
CREATE UNIQUE INDEX "exam_session_name" ON "exam_session" ("name");
CREATE TABLE "session_subject" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "pass_line" NUMERIC(4, 1) NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("subject_id") REFERENCES "subject" ("id") ON DELETE RESTRICT,
    CHECK (pass_line >= 0 and pass_line <= 100)
);
CREATE INDEX "session_subject_session_id" ON "session_subject" ("session_id");
CREATE INDEX "session_subject_subject_id" ON "session_subject" ("subject_id");
CREATE UNIQUE INDEX "session_subject_session_id_subject_id" ON "session_subject" ("session_id", "subject_id");
CREATE TABLE "exam_site" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "province_id" INTEGER NOT NULL,
    "code" VARCHAR(3) NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "address" VARCHAR(120) NOT NULL,
    "capacity" INTEGER NOT NULL,
    FOREIGN KEY ("province_id") REFERENCES "province" ("id") ON DELETE RESTRICT
);
CREATE INDEX "exam_site_province_id" ON "exam_site" ("province_id");
CREATE UNIQUE INDEX "exam_site_province_id_code" ON "exam_site" ("province_id", "code");
CREATE TABLE "room" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "number" VARCHAR(3) NOT NULL,
    "seats" INTEGER NOT NULL,
    "special" {flag} NOT NULL,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT,
    CHECK (seats > 0 and seats <= 99)
);
CREATE INDEX "room_site_id" ON "room" ("site_id");
CREATE UNIQUE INDEX "room_site_id_number" ON "room" ("site_id", "number");
CREATE TABLE "payment" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "amount" NUMERIC(8, 2) NOT NULL,
    "method" VARCHAR(20) NOT NULL,
    "reference" VARCHAR(60) NOT NULL,
    "paid_on" DATE,
    "state" VARCHAR(10) NOT NULL,
    "created_at" {moment} NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    CHECK (amount > 0)
);
CREATE INDEX "payment_application_id" ON "payment" ("application_id");
CREATE INDEX "payment_session_id" ON "payment" ("session_id");
CREATE INDEX "payment_session_id_state" ON "payment" ("session_id", "state");
CREATE TABLE "exam_entry" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "province_id" INTEGER NOT NULL,
    "site_id" INTEGER,
    "payment_id" INTEGER,
    "state" VARCHAR(10) NOT NULL,
    "entered_at" {moment} NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("subject_id") REFERENCES "session_subject" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("province_id") REFERENCES "province" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("payment_id") REFERENCES "payment" ("id") ON DELETE RESTRICT
);
CREATE INDEX "exam_entry_session_id" ON "exam_entry" ("session_id");
CREATE INDEX "exam_entry_application_id" ON "exam_entry" ("application_id");
CREATE INDEX "exam_entry_institution_id" ON "exam_entry" ("institution_id");
CREATE INDEX "exam_entry_subject_id" ON "exam_entry" ("subject_id");
CREATE INDEX "exam_entry_province_id" ON "exam_entry" ("province_id");
CREATE INDEX "exam_entry_site_id" ON "exam_entry" ("site_id");
CREATE INDEX "exam_entry_payment_id" ON "exam_entry" ("payment_id");
CREATE INDEX "exam_entry_session_id_state" ON "exam_entry" ("session_id", "state");
CREATE INDEX "exam_entry_institution_id_session_id" ON "exam_entry" ("institution_id", "session_id");
CREATE UNIQUE INDEX "exam_entry_one_live" ON "exam_entry" ("application_id", "subject_id") WHERE state IN ('unpaid', 'paid');
CREATE TABLE "seat" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "room_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "exam_entry" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("room_id") REFERENCES "room" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "seat_entry_id" ON "seat" ("entry_id");
CREATE INDEX "seat_session_id" ON "seat" ("session_id");
CREATE INDEX "seat_room_id" ON "seat" ("room_id");
CREATE INDEX "seat_site_id" ON "seat" ("site_id");
CREATE UNIQUE INDEX "seat_session_id_room_id_number_entry_id" ON "seat" ("session_id", "room_id", "number", "entry_id");
CREATE TABLE "admission_ticket" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "number" VARCHAR(15) NOT NULL,
    "file_id" INTEGER,
    "made_at" {moment} NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "exam_entry" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("file_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "admission_ticket_entry_id" ON "admission_ticket" ("entry_id");
CREATE UNIQUE INDEX "admission_ticket_number" ON "admission_ticket" ("number");
CREATE INDEX "admission_ticket_file_id" ON "admission_ticket" ("file_id");
CREATE TABLE "check_in" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "site_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "matched" {flag} NOT NULL,
    "decided_by_id" INTEGER,
    "reason" VARCHAR(200) NOT NULL,
    "at" {moment} NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "exam_entry" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("site_id") REFERENCES "exam_site" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("decided_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "check_in_entry_id" ON "check_in" ("entry_id");
CREATE INDEX "check_in_site_id" ON "check_in" ("site_id");
CREATE INDEX "check_in_decided_by_id" ON "check_in" ("decided_by_id");
CREATE UNIQUE INDEX "check_in_entry_id_attempt" ON "check_in" ("entry_id", "attempt");
CREATE TABLE "exam_result" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "entry_id" INTEGER NOT NULL,
    "session_id" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "score" NUMERIC(4, 1),
    "outcome" VARCHAR(6) NOT NULL,
    FOREIGN KEY ("entry_id") REFERENCES "exam_entry" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("session_id") REFERENCES "exam_session" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("subject_id") REFERENCES "session_subject" ("id") ON DELETE RESTRICT,
    CHECK (score is null or (score >= 0 and score <= 100))
);
CREATE UNIQUE INDEX "exam_result_entry_id" ON "exam_result" ("entry_id");
CREATE INDEX "exam_result_session_id" ON "exam_result" ("session_id");
CREATE INDEX "exam_result_application_id" ON "exam_result" ("application_id");
CREATE INDEX "exam_result_institution_id" ON "exam_result" ("institution_id");
CREATE INDEX "exam_result_subject_id" ON "exam_result" ("subject_id");
CREATE INDEX "exam_result_session_id_subject_id" ON "exam_result" ("session_id", "subject_id");
CREATE INDEX "exam_result_institution_id_session_id" ON "exam_result" ("institution_id", "session_id");
CREATE TABLE "prior_pass" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "document_number" TEXT NOT NULL,
    "document_index" VARCHAR(64),
    "kind" VARCHAR(14) NOT NULL,
    "subject_name" VARCHAR(40) NOT NULL,
    "session_name" VARCHAR(40) NOT NULL,
    "passed_on" DATE NOT NULL,
    "certificate_number" VARCHAR(40) NOT NULL,
    "source" VARCHAR(80) NOT NULL
);
CREATE INDEX "prior_pass_document_index" ON "prior_pass" ("document_index");
CREATE UNIQUE INDEX "prior_pass_document_index_subject_name_session_name" ON "prior_pass" ("document_index", "subject_name", "session_name");
CREATE TABLE "recheck" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(60) NOT NULL,
    "as_of" DATE NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "counts" {json} NOT NULL,
    "run_at" {moment},
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "recheck_institution_id" ON "recheck" ("institution_id");
CREATE TABLE "finding" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "recheck_id" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "verdict" VARCHAR(12) NOT NULL,
    "figures" {json} NOT NULL,
    FOREIGN KEY ("recheck_id") REFERENCES "recheck" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "finding_recheck_id" ON "finding" ("recheck_id");
CREATE INDEX "finding_application_id" ON "finding" ("application_id");
CREATE INDEX "finding_institution_id" ON "finding" ("institution_id");
CREATE UNIQUE INDEX "finding_recheck_id_application_id" ON "finding" ("recheck_id", "application_id");
CREATE INDEX "finding_institution_id_verdict" ON "finding" ("institution_id", "verdict");
CREATE TABLE "award" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "person_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "discipline_id" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "proposed_on" DATE NOT NULL,
    "decision_number" VARCHAR(40) NOT NULL,
    "awarded_on" DATE,
    "certificate_number" VARCHAR(17),
    "withdrawn_at" {moment},
    "withdrawal_reason" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("discipline_id") REFERENCES "discipline" ("id") ON DELETE RESTRICT,
    CHECK (state = 'proposed' or (awarded_on is not null and certificate_number is not null and decision_number <> ''))
);
CREATE UNIQUE INDEX "award_application_id" ON "award" ("application_id");
CREATE INDEX "award_person_id" ON "award" ("person_id");
CREATE INDEX "award_institution_id" ON "award" ("institution_id");
CREATE INDEX "award_discipline_id" ON "award" ("discipline_id");
CREATE UNIQUE INDEX "award_certificate_number" ON "award" ("certificate_number");
CREATE INDEX "award_institution_id_awarded_on" ON "award" ("institution_id", "awarded_on");
CREATE TABLE "defence_request" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "statement" TEXT NOT NULL,
    "requested_on" DATE,
    "evidence" {json} NOT NULL,
    "opinion" TEXT NOT NULL,
    "decided_on" DATE,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "defence_request_application_id" ON "defence_request" ("application_id");
CREATE INDEX "defence_request_institution_id" ON "defence_request" ("institution_id");
CREATE INDEX "defence_request_institution_id_state" ON "defence_request" ("institution_id", "state");
CREATE TABLE "thesis" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "title" VARCHAR(120) NOT NULL,
    "keywords" VARCHAR(120) NOT NULL,
    "thesis_type" VARCHAR(1) NOT NULL,
    "topic_source" VARCHAR(2) NOT NULL,
    "length" NUMERIC(5, 1),
    "started_on" DATE,
    "handed_in_on" DATE,
    "supervisor" VARCHAR(40) NOT NULL,
    "supervisor_title" VARCHAR(20) NOT NULL,
    "supervisor_number" VARCHAR(30) NOT NULL,
    "language" VARCHAR(2) NOT NULL,
    "file_id" INTEGER,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("file_id") REFERENCES "file" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "thesis_application_id" ON "thesis" ("application_id");
CREATE INDEX "thesis_institution_id" ON "thesis" ("institution_id");
CREATE INDEX "thesis_file_id" ON "thesis" ("file_id");
CREATE TABLE "thesis_reviewer" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "thesis_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "title" VARCHAR(20) NOT NULL,
    "number" VARCHAR(30) NOT NULL,
    "unit" VARCHAR(60) NOT NULL,
    "outsider" {flag} NOT NULL,
    "sent_on" DATE,
    "opinion" TEXT NOT NULL,
    "agrees" {flag},
    FOREIGN KEY ("thesis_id") REFERENCES "thesis" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "thesis_reviewer_thesis_id" ON "thesis_reviewer" ("thesis_id");
CREATE INDEX "thesis_reviewer_institution_id" ON "thesis_reviewer" ("institution_id");
CREATE TABLE "defence" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "application_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "held_on" DATE NOT NULL,
    "place" VARCHAR(80) NOT NULL,
    "grade" VARCHAR(10) NOT NULL,
    "votes_for" INTEGER NOT NULL,
    "votes_against" INTEGER NOT NULL,
    "votes_abstain" INTEGER NOT NULL,
    "minutes" TEXT NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("application_id") REFERENCES "application" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    CHECK (votes_for >= 0 and votes_against >= 0 and votes_abstain >= 0),
    CHECK (attempt in (1, 2))
);
CREATE INDEX "defence_application_id" ON "defence" ("application_id");
CREATE INDEX "defence_institution_id" ON "defence" ("institution_id");
CREATE UNIQUE INDEX "defence_application_id_attempt" ON "defence" ("application_id", "attempt");
CREATE INDEX "defence_institution_id_state" ON "defence" ("institution_id", "state");
CREATE TABLE "committee_member" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "defence_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "title" VARCHAR(20) NOT NULL,
    "number" VARCHAR(30) NOT NULL,
    "unit" VARCHAR(60) NOT NULL,
    "chair" {flag} NOT NULL,
    "supervises" {flag} NOT NULL,
    "outsider" {flag} NOT NULL,
    FOREIGN KEY ("defence_id") REFERENCES "defence" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT
);
CREATE INDEX "committee_member_defence_id" ON "committee_member" ("defence_id");
CREATE INDEX "committee_member_institution_id" ON "committee_member" ("institution_id");
CREATE UNIQUE INDEX "committee_member_defence_id_name_number" ON "committee_member" ("defence_id", "name", "number");
CREATE TABLE "report_term" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "name" VARCHAR(40) NOT NULL,
    "award_from" DATE NOT NULL,
    "award_until" DATE NOT NULL,
    "report_from" DATE NOT NULL,
    "report_until" DATE NOT NULL,
    "office_until" DATE,
    "state" VARCHAR(10) NOT NULL
);
CREATE UNIQUE INDEX "report_term_name" ON "report_term" ("name");
CREATE TABLE "report" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "term_id" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "round" INTEGER NOT NULL,
    "line_count" INTEGER NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "submitted_at" {moment},
    "submitted_by_id" INTEGER,
    "returned_at" {moment},
    "returned_reason" TEXT NOT NULL,
    "filed_at" {moment},
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("term_id") REFERENCES "report_term" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("submitted_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT,
    CHECK (line_count >= 0),
    CHECK (state in ('open','submitted','no_award','returned','filed'))
);
CREATE INDEX "report_institution_id" ON "report" ("institution_id");
CREATE INDEX "report_term_id" ON "report" ("term_id");
CREATE INDEX "report_submitted_by_id" ON "report" ("submitted_by_id");
CREATE UNIQUE INDEX "report_institution_id_term_id" ON "report" ("institution_id", "term_id");
CREATE INDEX "report_term_id_state" ON "report" ("term_id", "state");
CREATE TABLE "report_line" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "report_id" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "award_id" INTEGER NOT NULL,
    "round" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "values" {json} NOT NULL,
    "names" {json} NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    FOREIGN KEY ("report_id") REFERENCES "report" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("award_id") REFERENCES "award" ("id") ON DELETE RESTRICT
);
CREATE INDEX "report_line_report_id" ON "report_line" ("report_id");
CREATE INDEX "report_line_institution_id" ON "report_line" ("institution_id");
CREATE INDEX "report_line_award_id" ON "report_line" ("award_id");
CREATE UNIQUE INDEX "report_line_report_id_round_award_id" ON "report_line" ("report_id", "round", "award_id");
CREATE TABLE "annual_report" (
    "id" {id},
    "edition" INTEGER NOT NULL,
    "institution_id" INTEGER NOT NULL,
    "term_id" INTEGER NOT NULL,
    "report_id" INTEGER NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "filed_at" {moment},
    "filed_by_id" INTEGER,
    FOREIGN KEY ("institution_id") REFERENCES "institution" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("term_id") REFERENCES "report_term" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("report_id") REFERENCES "report" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("filed_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "annual_report_institution_id" ON "annual_report" ("institution_id");
CREATE INDEX "annual_report_term_id" ON "annual_report" ("term_id");
CREATE UNIQUE INDEX "annual_report_report_id" ON "annual_report" ("report_id");
CREATE INDEX "annual_report_filed_by_id" ON "annual_report" ("filed_by_id");
CREATE UNIQUE INDEX "annual_report_institution_id_term_id" ON "annual_report" ("institution_id", "term_id");
CREATE INDEX "annual_report_term_id_state" ON "annual_report" ("term_id", "state");
"""


# PostgreSQL serves a search by the beginning of a text only from an index made for it.
PREFIXES = ("person (name", "application (number", "application (register_number", "institution (name", "discipline (name", "course (name")


def up(migrator, db):
    types = ({"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "moment": "DATETIME", "json": "TEXT", "flag": "INTEGER"}
             if isinstance(db, SqliteDatabase) else
             {"id": "SERIAL NOT NULL PRIMARY KEY", "moment": "TIMESTAMP", "json": "JSONB", "flag": "BOOLEAN"})
    for statement in TABLES.format(**types).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    if not isinstance(db, SqliteDatabase):
        for place in PREFIXES:
            db.execute_sql(f"CREATE INDEX ON {place} varchar_pattern_ops)")
