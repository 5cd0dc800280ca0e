"""The Initiative Tracker. `tracker.application.create_app` makes the application.

Nothing is imported here, so that a command which needs neither settings nor database starts at once.
"""
