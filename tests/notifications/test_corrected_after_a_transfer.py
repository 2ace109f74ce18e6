"""What a correction shows to have been late stands with whoever was, though the case passed on."""

from typing import Any

from tests.notifications.answers import PAGES, at, errors, fill, sent, sign_in, when
from tests.notifications.test_transferring import ON, accepted_now, propose
from tests.story import Cast, day, moment
from workflow import services
from workflow.models import Case, Deadline


def test_a_correction_after_it_shows_late_whoever_sent_it(draft: Case, everyone: Cast) -> None:
    sent(draft, everyone.ada, {"when": when("began_on", "2026-11-01")})
    case = Case.objects.select_related("notification").get(pk=draft.pk)
    propose(case, everyone)
    said: dict[str, Any] = {"by": everyone.sol, "on": day(ON), "at": moment(ON)}
    services.answer_for_the_secretariat(case, agrees=True, **said)
    case = accepted_now(case, everyone)
    aware = {**PAGES["awareness"], **when("aware_on", "2026-11-02"), "reason": "It was on file."}
    href = at("amend-page", case, page="awareness")
    done = fill(sign_in(everyone.cara), href, aware)
    assert done.status_code == 302, errors(done)
    known = Deadline.objects.known_late().filter(case=case)
    assert {row.authority.name for row in known.select_related("authority")} == {"Northmoor"}
    assert {row.duty for row in known} == {"notify-the-panel", "tell-the-partners"}
