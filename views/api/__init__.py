"""Stage 10 for programs of the offices and the centre: reports, their lines and the figures as JSON, under /api."""
from views.api import description, reports
from views.api.declaring import rooms

__all__ = ["description", "register", "reports"]


def register(app):
    """Give the application the interface."""
    app.register_blueprint(rooms)
