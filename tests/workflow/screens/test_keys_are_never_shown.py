"""The key of a row counts the rows before it: no address, form or list shows one."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from tests.story import Cast, a_case
from tests.templates.markup import Markup
from tests.workflow.screens.conftest import SignIn
from workflow import opaque
from workflow.models import Look, Membership, Outbox
from workflow.queues.keyset import newest_first

# Numbers that count within one case: they are no keys.
COUNTS = {"cycle", "item", "number"}
KEY = re.compile(r"/[0-9]+(/|$)|[?&](after|before|body)=[0-9]+(&|$)")


def numbers(found: Iterable[URLPattern | URLResolver]) -> Iterator[tuple[str, str]]:
    """Every part of an address that takes a number, with its route."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from numbers(one.url_patterns)
        for name, converter in getattr(one.pattern, "converters", {}).items():
            if isinstance(converter, IntConverter):
                yield name, str(one.pattern)


def test_no_address_takes_a_key() -> None:
    found = list(numbers(get_resolver().url_patterns))
    assert {name for name, _ in found} == COUNTS


@pytest.mark.parametrize("key", [1, 17, 2**63 - 1])
def test_a_name_is_the_same_each_time_and_leads_back_to_its_row(key: int) -> None:
    name = opaque.hide("person", key)
    assert name == opaque.hide("person", key)
    assert opaque.find("person", name) == key
    assert len({opaque.hide(kind, key) for kind in opaque.IN_ADDRESSES}) == len(opaque.IN_ADDRESSES)


def test_a_name_tells_nothing_of_its_key_nor_of_the_next() -> None:
    first, second = opaque.hide("person", 17), opaque.hide("person", 18)
    assert sum(one == other for one, other in zip(first, second, strict=True)) < 8


@pytest.mark.parametrize(
    "made_up", ["", "17", "1:abc", "A" * 32, "é" * 32, "=" * 32, opaque.hide.__name__]
)
def test_what_the_service_did_not_make_names_nothing(made_up: str) -> None:
    assert opaque.find("person", made_up) is None


def test_a_name_changed_in_one_place_or_of_another_kind_names_nothing() -> None:
    name = opaque.hide("person", 17)
    assert opaque.find("message", name) is None
    for place, letter in enumerate(name):
        other = "A" if letter != "A" else "B"
        assert opaque.find("person", name[:place] + other + name[place + 1 :]) is None


def test_with_another_secret_it_names_nothing(settings: Any) -> None:
    name = opaque.hide("person", 17)
    settings.SECRET_KEY = "another-invented-secret"
    assert opaque.find("person", name) is None


def shown(client: Client, path: str) -> list[str]:
    """Every key that a page shows in a link, in the address of a form or as an answer."""
    page = Markup(client.get(path).content.decode())
    links = [one.attrs.get("href", "") for one in page.all("a")]
    links += [one.attrs.get("action", "") for one in page.all("form")]
    values = [one.attrs.get("value", "") for one in (*page.all("input"), *page.all("option"))]
    assert links
    return [one for one in links if KEY.search(one)] + [one for one in values if one.isdecimal()]


def test_the_pages_about_people_and_sessions_show_none(everyone: Cast, as_: SignIn) -> None:
    adam, place = as_("adam"), everyone.northmoor.pk
    case = a_case(everyone, aware="2026-12-01").case
    pages = [
        reverse("people-of", args=[place]),
        reverse("organisation-settings", args=[place]),
        reverse("person", args=[place, everyone.ada.pk]),
        reverse("account-sessions"),
    ]
    assert {path: shown(adam, path) for path in pages} == {path: [] for path in pages}
    assert shown(as_("ben"), reverse("restrict-case", args=[case.token])) == []
    membership = Membership.objects.get(person=everyone.ada)
    page = adam.get(pages[2]).content.decode()
    assert opaque.hide("role", membership.pk) in page
    for path in (f"/people/{place}/", f"/people/{place}/{everyone.ada.pk}/"):
        assert adam.get(path).status_code == 404


def test_the_pages_of_a_list_follow_one_another_by_marks_that_nobody_reads(
    everyone: Cast, as_: SignIn
) -> None:
    ben = as_("ben")
    for _ in range(30):
        a_case(everyone, aware="2026-12-01")
    for _ in range(2):
        ben.get(reverse("home"))
    rows = Look.objects.all()
    assert rows.count() > 25
    first = newest_first(rows, {})
    keys = [row.pk for row in first.rows]
    assert keys == sorted(rows.values_list("pk", flat=True), reverse=True)[:25]
    assert first.after == opaque.hide("workflow_look", keys[-1])
    second = newest_first(rows, {"after": first.after})
    assert second.rows
    assert all(row.pk < keys[-1] for row in second.rows)
    back = newest_first(rows, {"before": second.before})
    assert [row.pk for row in back.rows] == keys
    assert shown(ben, reverse("looks")) == []
    # A key, and a mark of another list, are no position.
    for mark in (str(keys[-1]), opaque.hide(Outbox._meta.db_table, keys[-1])):
        assert newest_first(rows, {"after": mark}).rows == newest_first(rows, {}).rows
