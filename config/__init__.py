"""Settings and wiring. No word of the service's subject is used here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
