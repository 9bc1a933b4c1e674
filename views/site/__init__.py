"""The applicant site at /: what is open to everybody, registration, and all that an applicant does himself."""
from views.site import (announcements, asked, cases, changes, checks, consent, courses, degrees, exam, figures, filling, gateway, helping, leaving, my_data, notified, paying, programmes,
                        registration, requesting, submitting, tickets, verifying)
from views.site.words import window


def register(app):
    """Give the application the rooms of the site."""
    app.jinja_env.globals["window"] = window
    for part in (programmes, announcements, consent, registration, cases, filling, submitting, exam, paying, notified, requesting, asked, changes, leaving, my_data,
                 checks, courses, degrees, tickets, verifying, helping, figures, *([gateway] if app.settings.demo else [])):
        app.register_blueprint(part.rooms)
    notified.open_to_providers(app)
