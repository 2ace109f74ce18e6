"""The web process: `gunicorn config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from config.logs import hide_secret_addresses
from config.start import refuse_an_unsafe_start

os.environ.setdefault("DATABASE_ROLE", "app")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_pages = get_wsgi_application()
refuse_an_unsafe_start()
# The web server writes its logs itself.
hide_secret_addresses("gunicorn.access", "gunicorn.error")

# Models can be imported only now.
from workflow.health.lookout import watched  # noqa: E402

application = watched(_pages)
