"""An administrator turns approval on, names a senior and says where an organisation's post goes."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.story import Cast, a_case, day, moment
from tests.templates.markup import Markup
from tests.workflow.signing_in.conftest import SignIn
from workflow import opaque
from workflow.machine.approval import needs_approval
from workflow.models import Organisation, PeopleAct, Person
from workflow.outbox.mail import post_of
from workflow.people import arranging, managing
from workflow.people.arranging import Arranged
from workflow.people.membership import join
from workflow.people.responsible import Fallback, responsible_people

TODAY, NOW = day("2026-12-10"), moment("2026-12-10", "09:30")


def address(client: Client, name: str) -> str:
    """Where the settings of an organisation are, found as people find them."""
    page = Markup(client.get(f"/people/?name={name}", follow=True).content.decode())
    if name:
        (place,) = {one.attrs["href"] for one in page.all("a") if one.text.strip() == name}
        page = Markup(client.get(place).content.decode())
    links = {one.attrs["href"] for one in page.all("a")}
    (found,) = [link for link in links if link.endswith("/settings/")]
    return found


def stands_for(person: Person) -> str:
    return opaque.hide("person", person.pk)


def hidden(answer: Any) -> dict[str, str]:
    """What the page sends along unseen: after which change it was made."""
    page = Markup(answer.content.decode())
    return {one.attrs["name"]: one.attrs["value"] for one in page.all("input")
            if one.attrs.get("name") == "seen"}  # fmt: skip


def saves(client: Client, at: str, seen: Mapping[str, str] | None = None, /, **answers: str) -> Any:
    """The settings as the page shows them are saved with these answers; or as one `seen` before."""
    known = {"approval": "no", "senior": "nobody", "contact": ""}
    return client.post(
        at, {**known, **(hidden(client.get(at)) if seen is None else seen), **answers}
    )


def main(answer: Any) -> str:
    return Markup(answer.content.decode()).one("main").text


def acts() -> list[tuple[str, str | None]]:
    return list(PeopleAct.objects.order_by("pk").values_list("did", "person__name"))


def test_approval_is_off_by_default_and_the_page_says_what_it_means(
    everyone: Cast, enters_: SignIn
) -> None:
    adam = enters_("adam")
    page = Markup(adam.get(address(adam, "")).content.decode())
    chosen = {one.attrs["value"] for one in page.all("input") if "checked" in one.attrs}
    assert chosen == {"no", "nobody"}
    assert "An absent approver never holds a notification" in page.one("main").text


def test_turned_on_it_is_asked_of_the_next_notification_and_who_did_it_is_shown(
    everyone: Cast, enters_: SignIn
) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    answer = saves(adam, there, approval="yes")
    assert answer.headers["Location"].endswith("?said=arranged")
    everyone.northmoor.refresh_from_db()
    case = a_case(everyone, aware="2026-12-09").case
    assert needs_approval(case, everyone.ada, on=TODAY)
    shown = main(adam.get(answer.headers["Location"]))
    assert "The settings are saved" in shown
    for words in ("Approval before sending turned on", "The organisation", "Adam"):
        assert words in shown
    assert acts() == [("approval_on", None)]
    saves(adam, there)
    assert acts() == [("approval_on", None), ("approval_off", None)]
    assert not Organisation.objects.get(pk=everyone.northmoor.pk).approval_required


def test_what_nobody_holds_passes_to_the_senior_who_was_named(
    everyone: Cast, enters_: SignIn
) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    saves(adam, there, senior=stands_for(everyone.ben))
    place = Organisation.objects.get(pk=everyone.northmoor.pk)
    found = responsible_people(place, "reviewer", TODAY)
    assert isinstance(found, Fallback)
    assert found == [everyone.ben]
    page = Markup(adam.get(there).content.decode())
    (chosen,) = [one for one in page.all("input") if one.attrs.get("name") == "senior"
                 and "checked" in one.attrs]  # fmt: skip
    assert chosen.attrs["value"] == stands_for(everyone.ben)
    saves(adam, there)
    assert acts() == [("senior_named", "Ben"), ("senior_away", "Ben")]
    assert Organisation.objects.get(pk=everyone.northmoor.pk).senior is None


def test_post_goes_to_the_contact_address(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    assert post_of(everyone.northmoor, on=TODAY)
    saves(adam, there, contact="duty@northmoor.example")
    place = Organisation.objects.get(pk=everyone.northmoor.pk)
    assert (place.contact_email, post_of(place, on=TODAY)) == ("duty@northmoor.example", [])
    saves(adam, there)
    assert acts() == [("contact_set", None), ("contact_away", None)]


def test_of_two_at_once_the_second_is_told_what_the_first_did_and_keeps_what_they_typed(
    everyone: Cast, enters_: SignIn, now: Any
) -> None:
    adam, sam = enters_("adam"), enters_("sam")
    there = address(adam, "")
    seen = hidden(adam.get(there))
    first = {"senior": stands_for(everyone.ben), "contact": "first@northmoor.example"}
    assert saves(sam, there, **first).status_code == 302
    now.shift(60)
    answer = saves(adam, there, seen, approval="yes", contact="second@northmoor.example")
    page = Markup(answer.content.decode())
    assert "changed since this page was opened" in page.of_class("govuk-error-summary")[0].text
    for words in ("Named as the senior", "Ben", "Contact address changed", "Sam", "at 9:30am",
                  "first@northmoor.example"):  # fmt: skip
        assert words in page.one("main").text
    assert b"second@northmoor.example" in answer.content
    place = Organisation.objects.get(pk=everyone.northmoor.pk)
    assert (place.approval_required, place.senior, place.contact_email) == (
        False, everyone.ben, "first@northmoor.example",
    )  # fmt: skip
    again = saves(adam, there, hidden(answer), approval="yes", contact="second@northmoor.example")
    assert again.status_code == 302
    assert Organisation.objects.get(pk=everyone.northmoor.pk).approval_required


def test_a_wrong_answer_does_not_make_an_old_page_a_new_one(
    everyone: Cast, enters_: SignIn
) -> None:
    adam, sam = enters_("adam"), enters_("sam")
    there = address(adam, "")
    seen = hidden(adam.get(there))
    saves(sam, there, contact="first@northmoor.example")
    answer = saves(adam, there, seen, contact="duty at northmoor")
    assert hidden(answer) == seen
    assert saves(adam, there, hidden(answer)).status_code == 200
    assert Organisation.objects.get(pk=everyone.northmoor.pk).contact_email


def test_who_names_no_change_has_seen_the_first_arrangement_alone(
    everyone: Cast, enters_: SignIn
) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    assert saves(adam, there, {}, approval="yes").status_code == 302
    for mark in ("", "invented"):
        assert saves(adam, there, {"seen": mark}).status_code == 200
    assert acts() == [("approval_on", None)]


def test_saved_again_as_it_is_nothing_was_done(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    assert saves(adam, address(adam, "")).status_code == 302
    assert acts() == []


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"approval": ""}, "Select yes if somebody else approves"),
        ({"senior": ""}, "Select the named senior"),
        ({"senior": "17"}, "the named senior"),
        ({"contact": "duty at northmoor"}, "like name@example.com"),
    ],
)
def test_a_wrong_answer_says_what_to_do_and_changes_nothing(
    everyone: Cast, enters_: SignIn, answers: dict[str, str], says: str
) -> None:
    adam = enters_("adam")
    more = {"approval": "yes", **answers}
    answer = saves(adam, address(adam, ""), **more)
    assert answer.status_code == 200
    assert says in Markup(answer.content.decode()).of_class("govuk-error-summary")[0].text
    assert acts() == []
    assert not Organisation.objects.get(pk=everyone.northmoor.pk).approval_required


def test_only_who_belongs_there_today_is_named(everyone: Cast, enters_: SignIn) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    assert "Cara" not in main(adam.get(there))
    assert saves(adam, there, senior=stands_for(everyone.cara)).status_code == 200
    wanted = Arranged(approval=False, senior=everyone.cara.pk, contact="")
    with pytest.raises(managing.CannotManage, match="holds a role here today"):
        arranging.arrange(everyone.northmoor, wanted, by=everyone.adam, on=TODAY, at=NOW)
    join(everyone.cara, everyone.northmoor, "reviewer", on=day("2026-12-11"))
    assert saves(adam, there, senior=stands_for(everyone.cara)).status_code == 200, "not yet"
    Person.objects.filter(pk=everyone.ben.pk).update(is_active=False)
    assert saves(adam, there, senior=stands_for(everyone.ben)).status_code == 200, "closed"
    assert acts() == []


def test_a_senior_who_holds_no_role_here_any_more_is_told_of(
    everyone: Cast, enters_: SignIn
) -> None:
    Organisation.objects.filter(pk=everyone.northmoor.pk).update(senior=everyone.cara)
    adam = enters_("adam")
    there = address(adam, "")
    page = Markup(adam.get(there).content.decode())
    assert "Cara is the named senior and holds no role here today" in page.one("main").text
    people = there.removesuffix("settings/")
    assert "A senior must be named. Cara was named" in main(adam.get(people))
    wanted = Arranged(approval=False, senior=everyone.cara.pk, contact="")
    with pytest.raises(managing.CannotManage, match="holds a role here today"):
        arranging.arrange(everyone.northmoor, wanted, by=everyone.adam, on=TODAY, at=NOW)
    assert saves(adam, there, senior=stands_for(everyone.ada)).status_code == 302
    assert acts() == [("senior_named", "Ada")]
    assert "A senior must be named" not in main(adam.get(people))


def test_an_administrator_arranges_their_own_and_the_operator_any(
    everyone: Cast, enters_: SignIn
) -> None:
    adam, sam = enters_("adam"), enters_("sam")
    for place in (everyone.southfen, everyone.panel):
        there = address(sam, place.name)

        assert adam.get(there).status_code == 404
        assert saves(adam, there).status_code == 404
        assert sam.get(there).status_code == 200
    assert enters_("ada").get(there).status_code == 403
    wanted = Arranged(approval=True, senior=None, contact="")
    with pytest.raises(managing.CannotManage, match="do not look after"):
        arranging.arrange(everyone.southfen, wanted, by=everyone.adam, on=TODAY, at=NOW)
    saves(sam, address(sam, everyone.northmoor.name), approval="yes")
    assert PeopleAct.objects.get().by == everyone.sam


def test_no_other_body_asks_for_approval(everyone: Cast, enters_: SignIn) -> None:
    sam = enters_("sam")
    there = address(sam, everyone.panel.name)
    assert "approves a notification" not in main(sam.get(there))
    assert saves(sam, there, approval="yes", contact="post@panel.example").status_code == 302
    assert acts() == [("contact_set", None)]
    wanted = Arranged(approval=True, senior=None, contact="")
    with pytest.raises(managing.CannotManage, match="Only a local authority"):
        arranging.arrange(everyone.panel, wanted, by=everyone.sam, on=TODAY, at=NOW)


def test_whoever_signed_in_long_ago_confirms_first_and_loses_nothing(
    everyone: Cast, enters_: SignIn, now: Any
) -> None:
    adam = enters_("adam")
    there = address(adam, "")
    now.shift(360)
    assert adam.get(there).headers["Location"].startswith("/account/reauthenticate/")
    answer = saves(adam, there, contact="duty@northmoor.example")
    assert "more than 5 minutes" in main(answer)
    assert b"duty@northmoor.example" in answer.content
    assert acts() == []


def test_each_act_is_about_somebody_or_about_the_organisation(everyone: Cast) -> None:
    known: dict[str, Any] = {"by": everyone.adam, "organisation": everyone.northmoor, "at": NOW}
    for did, person in (("gave", None), ("approval_on", everyone.ada)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PeopleAct.objects.create(did=did, person=person, **known)
