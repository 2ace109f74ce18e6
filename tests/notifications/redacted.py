"""A notification and a rapid review that name somebody they must not, and the acts on that."""

from typing import Any

from django.db import connection, transaction
from django.test import Client

from tests import sight
from tests.notifications.answers import at, fill, sent, sign_in, when
from tests.reviews.telling import Told
from tests.story import Cast, a_case, moment
from workflow import clock
from workflow.machine.case import Case
from workflow.models import Answers, LegalHold, Redaction
from workflow.retention import holding, redacting
from workflow.retention.copies import FreeText, Place, free_texts
from workflow.retention.redaction import Rule
from workflow.sealed import kept

NAME = "Jordan Zqname"
MARK = "[name taken out]"
SAYS = f"Child A was found with bruises.\r\n{NAME} of 4 Zqname Street called."
WHY = "The wrong child was named; the hospital asked for it."
DESCRIPTION = Place("notification", "description", "description", "", "description")
SUMMARY = Place("rapid-review", "summary", "summary", "", "text")
SAFETY = Place("notification", "safety", "safety", "", "action")
REASONS = Place("rapid-review", "lcspr", "lcspr", "", "rationale")
COPIES_OF_A_NOTIFICATION = {
    "workflow_answers.answers",
    "workflow_answersevent.answers",
    "notifications_amendment.before",
    "notifications_amendment.after",
    "workflow_keptpage.kept",
}
COPIES_OF_REASONS = {
    "workflow_answers.answers",
    "workflow_answersevent.answers",
    "reviews_sentreview.content",
    "reviews_partnersdecision.reason",
}


def named_in_error(draft: Case, everyone: Cast) -> Case:
    """Sent, corrected, carried over to a second notification, and left unsaved by two people.

    Ada typed the name; Ada and Ben each left a page on which it stands.
    """
    case = sent(draft, everyone.ada, {"description": {"description": SAYS}})
    ada = sign_in(everyone.ada)
    words = {"description": f"{SAYS} {NAME}\r\nsaw it.", "finished": "yes"}
    fill(ada, at("amend-page", case, page="description"), {**words, "reason": "More is known."})
    died(ada, case)
    for person, page in ((everyone.ada, "page"), (everyone.ben, "amend-page")):
        left(case, person, at(page, case, page="description"))
    return again(case)


def died(client: Client, case: Case) -> None:
    """The child has died: the next notification begins with the answers of the first."""
    now = clock.today().isoformat()
    typed = {"happened": "harm_became_death", **when("aware_on", now), "reason": "She died."}
    answer = client.post(at("continue", case), typed)
    assert answer.status_code == 302, answer.content.decode()
    assert Answers.objects.filter(case=case, document="notification-2").exists()


def left(case: Case, person: Any, page: str, words: str = SAYS, name: str = "description") -> None:
    """Somebody's page that they sent when they had been signed out."""
    with sight.of(person, on=clock.today()):
        kept.put(again(case), person, page, {name: [words]}, at=clock.now())


def again(case: Case) -> Case:
    return Case.objects.select_related("notification", "authority").get(pk=case.pk)


def free(case: Case, place: Place) -> FreeText:
    (found,) = (one for one in free_texts(case, on=clock.today()) if one.place == place)
    return found


def proposed(
    case: Case, everyone: Cast, by: str = "ada", place: Place = DESCRIPTION, **more: Any
) -> Redaction:
    """It is proposed that the name be taken out."""
    how: dict[str, Any] = {"words": [NAME], "rule": Rule.NAMED_IN_ERROR, "reason": WHY, **more}
    now, person = clock.now(), everyone.people[by]
    with sight.of(person, on=clock.today()):
        return redacting.propose(case, place, by=person, on=clock.today(), at=now, **how)


def answered(case: Case, found: Redaction, everyone: Cast, by: str = "ben", act: Any = None) -> Any:
    """It is confirmed, or declined, once whoever received it had time to hold it."""
    on, person, known = max(clock.today(), found.not_before), everyone.people[by], again(case)
    at_ = clock.now() if on == clock.today() else moment(on)
    with sight.of(person, on=on):
        return (act or redacting.confirm)(known, found.pk, by=person, on=on, at=at_)


def reviewed(everyone: Cast) -> Told:
    """A rapid review that was sent with a name in the partners' reasons."""
    told = Told(everyone, a_case(everyone, aware="2026-11-02").case)
    told.notified("2026-11-03")
    told.filled("2026-11-10")
    names(told, "2026-11-10")
    told.sent("2026-11-11")
    return told


def names(told: Told, on: str) -> None:
    """The partners' reasons name somebody."""
    typed = {"decision": ["no_sufficient_learning"], "rationale": [f"Seen by {NAME} at home."]}
    told.typed("lcspr", typed, on=on)


def held(case: Case, everyone: Cast, by: str) -> LegalHold:
    person, on = everyone.people[by], clock.today()
    with sight.of(person, on=on):
        return holding.hold(
            again(case), reason="A claim is expected.", by=person, on=on, at=clock.now()
        )


def run(everyone: Cast, by: str, statement: str, *values: Any) -> int:
    """A statement as the application's role says it for somebody; how many rows it changed."""
    shut = sight.of(everyone.people[by], on=clock.today())
    with shut, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
