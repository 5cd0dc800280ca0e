"""The application for a WSGI server: `gunicorn wsgi:app`."""

from tracker.application import create_app
from tracker.cli.tables import migrations

app = create_app()
app.cli.add_command(migrations)  # flask db …
