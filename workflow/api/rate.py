"""How often a system may ask: counted in the database, so that every process counts together."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import connection
from oauth2_provider.models import AbstractAccessToken
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from workflow import clock
from workflow.api.problems import Wrong, refuse

# One row for each system, however often it asks. What is refused afterwards counts too, so it is
# written before the transaction of the request begins.
_COUNT = """INSERT INTO workflow_apiuse AS kept (client_id, minute, requests) VALUES (%s, %s, 1)
ON CONFLICT (client_id) DO UPDATE SET minute = excluded.minute,
    requests = CASE WHEN kept.minute = excluded.minute THEN kept.requests + 1 ELSE 1 END
RETURNING requests"""


class PerClient(BaseThrottle):
    """So many requests in a minute of the clock, and no more until the next."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """True, or the refusal is raised with when to ask again."""
        if not isinstance(request.auth, AbstractAccessToken):
            return True
        now = clock.now()
        minute = now.replace(second=0, microsecond=0)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [request.auth.application_id, minute])
            asked: int = cursor.fetchone()[0]
        most: int = settings.API_REQUESTS_PER_MINUTE
        if asked <= most:
            return True
        wait = ceil((minute + timedelta(minutes=1) - now).total_seconds())
        raise refuse(
            429,
            "Too many requests",
            Wrong(
                "header",
                "Authorization",
                f"Your system asked more than {most} times within a minute.",
                f"Ask again in {wait} seconds.",
            ),
            headers={"Retry-After": str(wait)},
        )
