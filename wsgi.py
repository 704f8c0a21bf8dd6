"""The application object for gunicorn and the `flask` command, and `wsgi:celery` for the `celery` command."""

from app import create_app

app = create_app()
celery = app.extensions.get("lightline.celery")
