"""A person keeps a narrowed list by a name of their own."""

from django.test import Client
from django.urls import reverse

from tests.workflow.screens.conftest import SignIn
from tests.workflow.screens.missed import page_of
from workflow.models import SavedFilter

LIST = "/late/list/?kind=service-level&standing=met-late&region=North+East"


def save(client: Client, name: str) -> int:
    return client.post(LIST.replace("list/", "saved/"), {"name": name}).status_code


def names(client: Client) -> list[str]:
    found = page_of(client, "/late/list/").of_class("app-saved")
    return [one.inside[0].text for one in found]


def test_a_saved_filter_leads_back_to_the_same_list(as_: SignIn) -> None:
    client = as_("sam")
    assert save(client, "North East, late answers") == 302
    saved = page_of(client, "/late/list/").of_class("app-saved")[0].inside[0]
    assert saved.text == "North East, late answers"
    page = page_of(client, saved.attrs["href"])
    chosen = [one.text for one in page.all("option") if "selected" in one.attrs]
    assert "North East" in chosen
    assert "Service levels: met late" in page.one("main").text


def test_only_its_person_sees_uses_and_removes_it(as_: SignIn) -> None:
    save(as_("sam"), "Mine")
    row = SavedFilter.objects.get()
    assert names(as_("sol")) == []
    as_("sol").post(reverse("breach-forget", args=[row.pk]))
    assert names(as_("sam")) == ["Mine"]
    as_("sam").post(reverse("breach-forget", args=[row.pk]) + "?standing=met-late")
    assert names(as_("sam")) == []


def test_a_name_is_given_and_is_used_once(as_: SignIn) -> None:
    client = as_("sam")
    empty = client.post("/late/saved/", {"name": ""})
    assert "Enter a name for this filter" in empty.content.decode()
    save(client, "Mine")
    again = client.post("/late/saved/", {"name": "Mine"}).content.decode()
    assert "You already have a filter named “Mine”" in again
    assert "Error: " in again
    assert save(as_("sol"), "Mine") == 302
    assert SavedFilter.objects.count() == 2


def test_there_is_an_end_to_how_many_are_kept(as_: SignIn) -> None:
    client = as_("sam")
    for number in range(SavedFilter.MOST):
        assert save(client, f"Filter {number}") == 302
    assert save(client, "One more") == 200
    assert SavedFilter.objects.count() == SavedFilter.MOST


def test_what_is_no_filter_is_not_kept(as_: SignIn) -> None:
    as_("sam").post("/late/saved/?region=%3Cscript%3E&period=2026-13&evil=1&area=..", {"name": "x"})
    assert SavedFilter.objects.get().query == "kind=guidance&standing=open"
