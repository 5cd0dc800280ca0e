"""The application for a WSGI server: `gunicorn wsgi:app`."""

from tracker.application import create_app

app = create_app()
