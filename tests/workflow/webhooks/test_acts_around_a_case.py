"""What is done around a case, and not to it, is told as each act is."""

from typing import Any

from tests import sight
from tests.story import Cast, a_case, day, moment
from tests.workflow.webhooks.conftest import TODAY
from workflow.machine import emergencies
from workflow.models import Event, Outbox
from workflow.retention import holding
from workflow.webhooks.managing import Registered


def test_a_hold_and_an_emergency_are_told_once(everyone: Cast, hook: Registered) -> None:
    case = a_case(everyone, aware="2026-11-19", opened=TODAY).notified(TODAY).again()
    before = case.last_sequence
    how: Any = {"on": day(TODAY), "at": moment(TODAY)}
    with sight.of(everyone.ben, on=day(TODAY)):
        holding.hold(case, by=everyone.ben, reason="A claim is expected.", **how)
    emergencies.open_in_emergency(
        case.address, reason="The child is with us tonight.", by=everyone.cara, **how
    )
    since = Event.objects.filter(case=case, sequence__gt=before).order_by("sequence")
    acts = list(since.values_list("act", flat=True))
    assert len(set(acts)) == 2
    of_the_hook = Outbox.objects.filter(webhook=hook.webhook)
    assert list(of_the_hook.order_by("pk").values_list("kind", flat=True))[-2:] == acts
