"""The worker and the beat: `celery -A config worker`, `celery -A config beat`.

The broker is a doorbell and never the ledger: a task carries an identifier and no more, and
losing the broker loses nothing that a table does not hold.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("config.broker")
app.autodiscover_tasks(["workflow.outbox"])
