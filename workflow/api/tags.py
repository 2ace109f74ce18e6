"""What a case's entity tag says: it changes with every act on the case and every page saved."""

from django.db.models import Sum
from django.utils.http import parse_etags
from rest_framework.request import Request

from workflow.api.problems import Wrong, refuse
from workflow.machine.case import Case
from workflow.sealed.models import Answers

HEADER = "If-Match"
READ = "Read it, and send the ETag of that answer as If-Match."


def tag_of(case: Case) -> str:
    """The tag of a case as it stands, and so of its notification."""
    saved = Answers.objects.filter(case=case).aggregate(versions=Sum("version"))["versions"]
    return f'"{case.last_sequence}-{saved or 0}"'


def refuse_unless_seen(request: Request, case: Case) -> None:
    """Refused unless whoever asks has seen the case as it stands; the case must be locked."""
    said = request.headers.get(HEADER, "").strip()
    if not said or said == "*":
        wrong = Wrong("header", HEADER, "It says nothing of what you have seen.", READ)
        raise refuse(428, "Say what you have seen", wrong)
    if tag_of(case) not in parse_etags(said):
        what = "Read it again, look at what has changed, and send the new ETag as If-Match."
        wrong = Wrong("header", HEADER, "The case has changed since you read it.", what)
        raise refuse(412, "It has changed", wrong)
