"""Choosing who may see a case, taking it back, and what administrators see of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.story import Cast, Story, day
from tests.templates.markup import Markup
from tests.workflow.screens.conftest import SignIn
from workflow import opaque
from workflow.access.naming import named
from workflow.machine import restricting
from workflow.models import Event, Look

WHY = "A relative works there, says zebra-jade."


def at(story: Story, name: str = "restrict-case") -> str:
    return reverse(name, args=[story.case.token])


def chosen(everyone: Cast, *names: str, **more: Any) -> dict[str, Any]:
    return {
        "people": [opaque.hide("person", everyone.people[name].pk) for name in names],
        "reason": WHY,
        **more,
    }


def restricts(as_: SignIn, everyone: Cast, story: Story, *names: str) -> Client:
    ben = as_("ben")
    answer = ben.post(at(story), chosen(everyone, *(names or ("ada", "ben", "petra"))))
    assert answer.status_code == 302, answer.content.decode()
    return ben


def changes(client: Client, everyone: Cast, story: Story, *names: str) -> Any:
    """Somebody opens the page, chooses these people and saves."""
    return client.post(at(story), chosen(everyone, *names, seen=seen(client, story)))


def seen(client: Client, story: Story) -> str:
    page = Markup(client.get(at(story)).content.decode())
    return next(one.attrs["value"] for one in page.all("input") if one.attrs.get("name") == "seen")


def test_it_is_restricted_to_the_people_chosen(everyone: Cast, sent: Story, as_: SignIn) -> None:
    ben = as_("ben")
    page = Markup(ben.get(at(sent)).content.decode())
    assert page.one("h1").text == "Restrict this case to named people"
    labels = [one.text for one in page.all("label")]
    assert {"Ada", "Ben", "Bea", "Ira", "Petra", "Sol"} <= set(labels)
    assert not {"Adam", "Cara", "Sam", "Otto"} & set(labels)
    ben.post(at(sent), chosen(everyone, "ada", "ben", "petra"))
    for name, status in (("ben", 200), ("petra", 200), ("sol", 404), ("bea", 404), ("adam", 404)):
        assert as_(name).get(at(sent, "case")).status_code == status, name
    head = Markup(ben.get(at(sent, "case")).content.decode()).of_class("app-case-header")[0].text
    assert "Named people only" in head


def test_everything_typed_is_kept_when_it_is_refused(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    answer = as_("ben").post(at(sent), chosen(everyone, "ben", "ira"))
    page = Markup(answer.content.decode())
    said = page.of_class("govuk-error-summary")[0].text
    assert "at least two people of the authority" in said
    assert "where the notification was received" in said
    assert WHY in page.one("textarea").text
    boxes = {
        one.attrs["value"]: "checked" in one.attrs
        for one in page.of_class("govuk-checkboxes__input")
    }
    assert {key for key, on in boxes.items() if on} == {
        opaque.hide("person", everyone.ben.pk), opaque.hide("person", everyone.ira.pk),
    }  # fmt: skip


def test_nothing_chosen_and_no_reason_are_both_said(sent: Story, as_: SignIn) -> None:
    said = as_("ben").post(at(sent), {}).content.decode()
    assert "Select who may see this case" in said
    assert "Enter why" in said


def test_too_few_people_and_no_reason_are_said_at_once(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    sent_in = chosen(everyone, "ben", reason="")
    said = Markup(as_("ben").post(at(sent), sent_in).content.decode())
    summary = said.of_class("govuk-error-summary")[0].text
    for words in ("Enter why", restricting.TOO_FEW, restricting.NOBODY_RECEIVES):
        assert words in summary


def test_no_reason_and_a_list_from_before_are_said_at_once_and_the_new_list_shown(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    ben = restricts(as_, everyone, sent, "ada", "ben", "petra", "sol")
    before = seen(ben, sent)
    changes(as_("petra"), everyone, sent, "ada", "ben", "petra")
    stale = chosen(everyone, "ada", "ben", "petra", reason="", seen=before)
    page = Markup(ben.post(at(sent), stale).content.decode())
    summary = page.of_class("govuk-error-summary")[0].text
    assert "Enter why" in summary
    assert restricting.CHANGED in summary
    (fresh,) = (one.attrs["value"] for one in page.all("input") if one.attrs.get("name") == "seen")
    assert fresh == restricting.standing_list(sent.case)


def test_who_is_named_is_changed_on_the_same_page(everyone: Cast, sent: Story, as_: SignIn) -> None:
    ben = restricts(as_, everyone, sent)
    page = Markup(ben.get(at(sent)).content.decode())
    assert page.one("h1").text == "Who may see this restricted case"
    on = {
        one.attrs["value"]
        for one in page.of_class("govuk-checkboxes__input")
        if "checked" in one.attrs
    }
    assert on == {opaque.hide("person", everyone.people[one].pk) for one in ("ada", "ben", "petra")}
    changes(ben, everyone, sent, "ada", "ben", "petra", "ira")
    assert as_("ira").get(at(sent, "case")).status_code == 200
    listed = Markup(ben.get(at(sent, "people-with-access")).content.decode()).one("main").text
    assert "Northmoor Integrated Care Board" in listed
    assert "its people, by their roles" not in listed


def test_a_page_opened_before_puts_nobody_back_who_was_taken_off_since(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    ben = restricts(as_, everyone, sent, "ada", "ben", "petra", "sol")
    before = seen(ben, sent)
    changes(as_("petra"), everyone, sent, "ada", "ben", "petra")
    stale = chosen(everyone, "ada", "ben", "petra", "sol", "ira", seen=before)
    page = Markup(ben.post(at(sent), stale).content.decode())
    assert restricting.CHANGED in page.of_class("govuk-error-summary")[0].text
    assert "Named now: Ada, Ben, Petra" in page.of_class("govuk-inset-text")[0].text
    assert as_("sol").get(at(sent, "case")).status_code == 404
    assert as_("ira").get(at(sent, "case")).status_code == 404
    # What was typed stands, and whoever saves again has seen who is named.
    assert WHY in page.one("textarea").text
    boxes = page.of_class("govuk-checkboxes__input")
    on = [one.attrs["value"] for one in boxes if "checked" in one.attrs]
    assert sorted(on) == sorted(stale["people"])
    (fresh,) = (one.attrs["value"] for one in page.all("input") if one.attrs.get("name") == "seen")
    assert ben.post(at(sent), {**stale, "seen": fresh}).status_code == 302
    assert as_("ira").get(at(sent, "case")).status_code == 200


def test_a_page_that_says_no_list_and_one_from_before_the_restriction_change_nothing(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    restricts(as_, everyone, sent)
    for stale in ({}, {"seen": ""}):
        answer = as_("petra").post(
            at(sent), chosen(everyone, "ada", "ben", "petra", "sol", **stale)
        )
        assert restricting.CHANGED in answer.content.decode()
    assert as_("sol").get(at(sent, "case")).status_code == 404


def test_a_page_filled_again_after_a_session_ended_knows_the_list_it_was_filled_in_from(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    ben = restricts(as_, everyone, sent, "ada", "ben", "petra", "sol")
    page = Markup(ben.get(at(sent)).content.decode())
    hidden = {
        one.attrs["name"]: one.attrs["value"]
        for one in page.all("input")
        if one.attrs.get("type") == "hidden" and one.attrs.get("name") in {"ticket", "seen"}
    }
    people = chosen(everyone, "ada", "ben", "petra", "sol")
    ben.logout()
    assert "kept" in ben.post(at(sent), {**people, **hidden}).content.decode()
    changes(as_("petra"), everyone, sent, "ada", "ben", "petra")
    ben = as_("ben")
    again = Markup(ben.get(at(sent)).content.decode())
    assert WHY in again.one("textarea").text
    assert "Named now: Ada, Ben, Petra" in again.of_class("govuk-inset-text")[-1].text
    answer = ben.post(at(sent), {**people, "seen": seen(ben, sent)})
    assert restricting.CHANGED in answer.content.decode()
    assert as_("sol").get(at(sent, "case")).status_code == 404


def test_whoever_takes_themselves_off_is_led_home(everyone: Cast, sent: Story, as_: SignIn) -> None:
    restricts(as_, everyone, sent)
    petra = as_("petra")
    answer = changes(petra, everyone, sent, "ada", "ben", "sol")
    assert answer.headers["Location"] == reverse("home")
    assert petra.get(at(sent, "case")).status_code == 404
    assert as_("sol").get(at(sent, "case")).status_code == 200


def test_it_is_lifted_with_a_reason(everyone: Cast, sent: Story, as_: SignIn) -> None:
    ben = restricts(as_, everyone, sent)
    assert (
        "Enter why the restriction" in ben.post(at(sent, "lift-restriction"), {}).content.decode()
    )
    assert ben.post(at(sent, "lift-restriction"), {"reason": WHY}).status_code == 302
    assert as_("sol").get(at(sent, "case")).status_code == 200
    assert named(sent.case, on=day("2026-12-10")) == []
    assert ben.get(at(sent, "lift-restriction")).headers["Location"] == at(sent)


@pytest.mark.parametrize("name", ["ada", "bea", "adam", "ira", "sol", "priya", "cara", "sam"])
def test_others_find_no_such_page(sent: Story, as_: SignIn, name: str) -> None:
    for page in ("restrict-case", "lift-restriction"):
        assert as_(name).get(at(sent, page)).status_code == 404
        assert as_(name).post(at(sent, page), {"reason": WHY}).status_code == 404


def test_the_timeline_says_it_to_those_who_are_named(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    ben = restricts(as_, everyone, sent)
    told = Markup(ben.get(at(sent, "timeline")).content.decode()).one("main").text
    assert "Case restricted to named people" in told
    assert WHY in told
    assert Event.objects.filter(case=sent.case, act="restrict").count() == 1


@pytest.mark.parametrize("name", ["adam", "sam"])
def test_administrators_see_that_it_is_there_and_its_dates_and_nothing_else(
    everyone: Cast, sent: Story, as_: SignIn, name: str
) -> None:
    someone = as_(name)
    before = someone.get(reverse("restricted-cases")).content.decode()
    assert "No case is restricted" in before
    restricts(as_, everyone, sent)
    answer = someone.get(reverse("restricted-cases"))
    main = Markup(answer.content.decode()).one("main").text
    assert sent.again().label in main
    assert "Rapid review" in main or "rapid review" in main
    for word in ("Ada", "Ben", "Petra", WHY, "Serious harm", "Northmoor"):
        assert word not in main
    assert sent.case.address not in [
        one.attrs.get("href", "") for one in Markup(answer.content.decode()).all("a")
    ]
    for path in ("", "people/", "timeline/", "dates/rapid-review/1/", "late/rapid-review/1/"):
        assert someone.get(f"/cases/{sent.case.address}/{path}").status_code == 404, path
    look = Look.objects.filter(person=everyone.people[name], case=sent.case).latest("pk")
    assert (look.page, look.fields) == ("restricted-cases", Look.Fields.LISTED)


def test_an_administrator_elsewhere_sees_nothing_of_it(
    everyone: Cast, sent: Story, as_: SignIn
) -> None:
    everyone.cara.memberships.filter(role="la_approver").update(role="la_administrator")
    restricts(as_, everyone, sent)
    assert sent.again().label not in as_("cara").get(reverse("restricted-cases")).content.decode()


@pytest.mark.parametrize("name", ["ada", "ben", "ira", "sol", "petra", "olu"])
def test_the_list_is_for_administrators_alone(sent: Story, as_: SignIn, name: str) -> None:
    assert as_(name).get(reverse("restricted-cases")).status_code == 403


def test_the_board_leads_administrators_to_it(sent: Story, as_: SignIn) -> None:
    for name, leads in (("adam", True), ("sam", True), ("ben", False), ("sol", False)):
        page = as_(name).get(reverse("breaches")).content.decode()
        assert (reverse("restricted-cases") in page) is leads, name
