"""The application for a WSGI server: `gunicorn wsgi:app`."""

import gc

gc.disable()  # what is loaded here stays; looking for garbage in it takes a tenth of the start

from tracker.application import create_app  # noqa: E402
from tracker.cli.tables import migrations  # noqa: E402

app = create_app()
app.cli.add_command(migrations)  # flask db …
gc.enable()
