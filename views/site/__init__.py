"""The applicant site at /: what is open to everybody, registration, and all that an applicant does himself."""
from views.site import announcements, asked, cases, changes, checks, consent, courses, degrees, exam, filling, leaving, programmes, registration, requesting, submitting, verifying
from views.site.words import window


def register(app):
    """Give the application the rooms of the site."""
    app.jinja_env.globals["window"] = window
    for part in (programmes, announcements, consent, registration, cases, filling, submitting, exam, requesting, asked, changes, leaving,
                 checks, courses, degrees, verifying):
        app.register_blueprint(part.rooms)
