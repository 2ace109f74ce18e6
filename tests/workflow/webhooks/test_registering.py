"""An authority's administrator registers an address, changes its secret, and ends it."""

from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from tests.story import Cast, day, moment
from tests.workflow.webhooks.conftest import TODAY
from workflow.people.managing import CannotManage
from workflow.webhooks import managing, sealing
from workflow.webhooks.models import Webhook, WebhookAct

GOOD = "https://hooks.northmoor.example/told"
AT = moment(TODAY)


def registered(everyone: Cast, address: str = GOOD, who: str = "adam", **more: Any) -> Any:
    place = more.get("place", everyone.northmoor)
    return managing.register(address, place, by=everyone.people[who], on=day(TODAY), at=AT)


def test_the_secret_is_told_once_and_rests_sealed(everyone: Cast) -> None:
    made = registered(everyone)
    row = Webhook.objects.get()
    assert made.secret.startswith("whsec_")
    assert made.secret not in (row.secret, repr(made))
    assert sealing.in_force(row, at=AT) == [made.secret]
    assert row.place == ("hooks.northmoor.example", 443)


@pytest.mark.parametrize("who", ["ada", "ben", "sam", "cara", "bea"])
def test_nobody_but_an_administrator_of_the_authority_registers_one(
    everyone: Cast, who: str
) -> None:
    with pytest.raises(CannotManage, match="Only an administrator"):
        registered(everyone, who=who)
    with pytest.raises(CannotManage, match="Only an administrator"):
        registered(everyone, place=everyone.southfen)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://hooks.northmoor.example/", managing.NOT_HTTPS),
        ("HTTPS://hooks.northmoor.example/", managing.NOT_HTTPS),
        ("https://127.0.0.1/", managing.NO_NAME),
        ("https://[::1]/", managing.NO_NAME),
        ("https://2130706433/", managing.NO_NAME),
        ("https://127.0.0.0x1/", managing.NO_NAME),
        ("https://localhost/", managing.NO_NAME),
        ("https:///told", managing.NO_NAME),
        ("https://a@hooks.northmoor.example/", managing.MORE_THAN_AN_ADDRESS),
        ("https://hooks.northmoor.example/#x", managing.MORE_THAN_AN_ADDRESS),
        ("https://hooks.northmoor.example/a b", managing.UNREADABLE),
        ("https://hooks.northmoor.example/\r\nX: y", managing.UNREADABLE),
        ("https://h\u00f6oks.example/", managing.UNREADABLE),
        ("https://hooks.northmoor.example:x/", managing.UNREADABLE),
        ("https://hooks.northmoor.example:99999/", managing.UNREADABLE),
    ],
)
def test_an_address_that_is_none_is_refused_with_what_to_enter(
    everyone: Cast, address: str, words: str
) -> None:
    with pytest.raises(CannotManage) as refused:
        registered(everyone, address)
    assert words in refused.value.reasons
    assert not Webhook.objects.exists()


def test_an_address_is_registered_once_and_at_most_five(everyone: Cast) -> None:
    registered(everyone)
    with pytest.raises(CannotManage, match="registered already"):
        registered(everyone)
    for number in range(managing.MOST - 1):
        registered(everyone, f"{GOOD}/{number}")
    with pytest.raises(CannotManage, match="End one first"):
        registered(everyone, f"{GOOD}/more")


def test_after_a_change_both_secrets_sign_for_a_day(everyone: Cast) -> None:
    first = registered(everyone)
    second = managing.change_secret(first.webhook, by=everyone.adam, on=day(TODAY), at=AT)
    row = Webhook.objects.get()
    assert sealing.in_force(row, at=AT) == [second.secret, first.secret]
    assert sealing.in_force(row, at=AT + managing.BOTH) == [second.secret]


def test_a_secret_in_another_row_opens_nothing(everyone: Cast) -> None:
    first, second = registered(everyone), registered(everyone, f"{GOOD}/2")
    Webhook.objects.filter(pk=second.webhook.pk).update(secret=first.webhook.secret)
    second.webhook.refresh_from_db()
    with pytest.raises(InvalidToken):
        sealing.in_force(second.webhook, at=AT)


def test_what_was_ended_has_no_secret_and_is_changed_no_more(everyone: Cast) -> None:
    made, how = registered(everyone), {"on": day(TODAY), "at": AT}
    with pytest.raises(CannotManage, match="Only an administrator"):
        managing.end(made.webhook, by=everyone.cara, **how)  # type: ignore[arg-type]
    managing.end(made.webhook, by=everyone.adam, **how)  # type: ignore[arg-type]
    row = Webhook.objects.get()
    assert (row.secret, row.secret_before, row.ended_by) == ("", "", everyone.adam)
    for act in (managing.end, managing.change_secret):
        with pytest.raises(CannotManage, match="ended already"):
            act(made.webhook, by=everyone.adam, **how)  # type: ignore[arg-type]
    registered(everyone)


def test_who_did_what_with_it_is_written_down_for_good(everyone: Cast) -> None:
    made, how = registered(everyone), {"by": everyone.adam, "on": day(TODAY), "at": AT}
    for act in (managing.change_secret, managing.change_secret, managing.end):
        act(made.webhook, **how)  # type: ignore[arg-type]
    acts = WebhookAct.objects.filter(webhook=made.webhook).order_by("pk")
    told = list(acts.values_list("did", "by", "at"))
    dids = ["registered", "changed", "changed", "ended"]
    assert told == [(did, everyone.adam.pk, AT) for did in dids]
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        acts.update(did="ended")


def test_the_database_takes_no_address_without_tls_and_no_other_afterwards(
    everyone: Cast,
) -> None:
    made = registered(everyone)
    plain = Webhook(authority=everyone.northmoor, address="http://x.example/", made_at=AT)
    plain.made_by = everyone.adam
    with pytest.raises(IntegrityError, match="called_in_secret"), transaction.atomic():
        plain.save()
    for changed in ({"address": "https://x.example/"}, {"authority": everyone.southfen}):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Webhook.objects.filter(pk=made.webhook.pk).update(**changed)


def test_secrets_are_sealed_again_under_another_master_key(everyone: Cast, settings: Any) -> None:
    made = registered(everyone)
    assert sealing.seal_again() == (1, 0)
    settings.MASTER_KEY, settings.OTHER_MASTER_KEY = bytes(range(32)), settings.MASTER_KEY
    assert sealing.seal_again(dry_run=True) == (1, 1)
    assert sealing.seal_again() == (1, 1)
    settings.OTHER_MASTER_KEY = bytes(32)
    assert sealing.in_force(Webhook.objects.get(), at=AT) == [made.secret]
