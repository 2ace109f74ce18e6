"""Approval before sending: a setting of each authority, and never a hold-up."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import sight
from tests.notifications.answers import PAGES, at, errors, fill, sign_in, written
from tests.story import Cast, person
from tests.templates.markup import Markup
from workflow import clock, services
from workflow.models import Case, Event, NotificationProcess


@pytest.fixture
def complete(draft: Case, everyone: Cast) -> Case:
    """A complete draft of an authority that asks for approval."""
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    return written(draft, everyone.ada)


def state(case: Case) -> str:
    """Where the notification stands."""
    return str(NotificationProcess.objects.get(case=case).state)


def main(client: Client, href: str) -> str:
    """What a page says."""
    return Markup(client.get(href).content.decode()).one("main").text


def test_its_author_cannot_send_it_alone(complete: Case, ada: Client) -> None:
    page = ada.get(at("send", complete)).content.decode()
    assert "Ask for approval" in page
    refused = ada.post(at("send", complete), {"then": "send"})
    assert refused.status_code == 200
    assert "Somebody other than its author must approve it" in errors(refused)[0]
    assert state(complete) == "draft"


def test_the_approver_reads_and_sends_it(complete: Case, ada: Client, everyone: Cast) -> None:
    assert ada.post(at("approve", complete), {"then": "ask"}).status_code == 302
    assert state(complete) == "awaiting_approval"
    assert "It is with the approver" in ada.get(at("approve", complete)).content.decode()
    ben = sign_in(everyone.ben)
    html = ben.get(at("approve", complete)).content.decode()
    assert "Child A was found with bruises." in html
    assert "approve it and send it to the Panel, the Department for Education" in html
    sent = ben.post(at("approve", complete), {"then": "decide", "decision": "approve"})
    assert sent["Location"] == at("sent", complete), errors(sent)
    process = NotificationProcess.objects.get(case=complete)
    assert (process.state, process.approved_by, process.author) == (
        "submitted",
        everyone.ben,
        everyone.ada,
    )


def test_the_approver_returns_it_with_what_needs_to_change(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    ada.post(at("approve", complete), {"then": "ask"})
    ben = sign_in(everyone.ben)
    empty = ben.post(at("approve", complete), {"then": "decide", "decision": "return"})
    assert errors(empty) == ["Enter what needs to change"]
    ben.post(at("approve", complete), {"then": "decide", "decision": "return", "reason": "Add B."})
    assert state(complete) == "draft"
    assert Event.objects.filter(case=complete, act="return_to_draft").exists()


def test_an_author_who_is_an_approver_does_not_approve_their_own(
    complete: Case, everyone: Cast
) -> None:
    ben = sign_in(everyone.ben)
    ben.post(at("approve", complete), {"then": "ask"})
    again = ben.post(at("approve", complete), {"then": "decide", "decision": "approve"})
    assert errors(again) == ["Only an approver who is not its author may decide this."]
    assert state(complete) == "awaiting_approval"


def test_an_absent_approver_never_holds_a_send(complete: Case, ada: Client, everyone: Cast) -> None:
    assert errors(ada.post(at("send", complete), {"then": "absent"})) == [
        "Enter why nobody can approve it now"
    ]
    sent = ada.post(at("send", complete), {"then": "absent", "absent": "Ben is on leave."})
    assert sent["Location"] == at("sent", complete), errors(sent)
    process = NotificationProcess.objects.get(case=complete)
    assert (process.state, process.approval_outstanding) == ("submitted", True)
    html = ada.get(at("sent", complete)).content.decode()
    assert "before anyone could approve it" in html
    ben = sign_in(everyone.ben)
    assert "Approve what was sent" in ben.get(at("approve", complete)).content.decode()
    ben.post(at("approve", complete), {"then": "afterwards"})
    process.refresh_from_db()
    assert (process.approved_by, process.approval_outstanding) == (everyone.ben, False)


def test_sending_before_anyone_approves_is_declared_like_any_other(
    complete: Case, ada: Client
) -> None:
    said = main(ada, at("send", complete))
    assert said.count("By sending it you confirm that") == 1
    assert said.index("By sending it you confirm that") < said.index("Send now to")


def test_the_author_takes_it_back(complete: Case, ada: Client) -> None:
    ada.post(at("approve", complete), {"then": "ask"})
    assert ada.get(at("page", complete, page="harm"))["Location"] == at("approve", complete)
    ada.post(at("approve", complete), {"then": "take-back"})
    assert state(complete) == "draft"


def test_without_the_setting_nobody_is_asked(draft: Case, ada: Client, everyone: Cast) -> None:
    written(draft, everyone.ada)
    assert "Ask for approval" not in ada.get(at("send", draft)).content.decode()


def test_where_nobody_else_may_approve_the_pages_name_who_can_change_that(
    complete: Case, everyone: Cast
) -> None:
    words = "Nobody else at Northmoor may approve it. Adam can make somebody an approver"
    assert words not in sign_in(everyone.ada).get(at("send", complete)).content.decode()
    ben = sign_in(everyone.ben)
    NotificationProcess.objects.filter(case=complete).update(author=everyone.ben)
    assert words in ben.get(at("send", complete)).content.decode()
    ben.post(at("approve", complete), {"then": "ask"})
    assert words in ben.get(at("approve", complete)).content.decode()


def restricted(case: Case, everyone: Cast) -> None:
    """Ben names Ada, Nell and himself, the only approver among them."""
    everyone.people["nell"] = person("Nell", everyone.northmoor, "la_notifier")
    people = [everyone.people[name].pk for name in ("ada", "ben", "nell")]
    how: Any = {"by": everyone.ben, "on": clock.today(), "at": clock.now(), "reason": "Staff."}
    with sight.of(everyone.ben, on=clock.today()):
        services.restrict(Case.objects.get(pk=case.pk), people, **how)


def test_of_a_restricted_case_the_pages_say_who_can_name_an_approver_to_it(
    complete: Case, everyone: Cast
) -> None:
    restricted(complete, everyone)
    NotificationProcess.objects.filter(case=complete).update(author=everyone.ben)
    page = main(sign_in(everyone.ben), at("send", complete))
    assert "Nobody else who is named to this case may approve it. Ben can name another" in page
    assert "make somebody an approver" not in page
    assert "Ask for approval" in page


def test_where_nobody_named_may_approve_nor_name_who_may_it_is_sent_now(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    restricted(complete, everyone)
    assert "Nobody" not in main(ada, at("send", complete))
    ada.post(at("approve", complete), {"then": "ask"})
    assert "It is with the approver." in main(ada, at("approve", complete))
    everyone.ben.memberships.update(until="2026-11-19")
    words = "Nobody else who is named to this case may approve it, or name somebody to it who may."
    page = main(ada, at("approve", complete))
    assert words in page
    assert "Ask an administrator of Northmoor who is not concerned in it" in page
    assert "to make one of you who are named an approver, and tell them no more of it." in page
    assert "Take it back and send it now: it is then approved afterwards." in page
    assert "It is with the approver" not in page
    ada.post(at("approve", complete), {"then": "take-back"})
    page = main(ada, at("send", complete))
    assert words in page
    assert "Send it now: it is then approved afterwards." in page
    assert "Ask for approval" not in page
    ada.post(at("send", complete), {"then": "absent", "absent": "Nobody named may approve it."})
    assert state(complete) == "submitted"


def test_the_case_page_offers_approval_only_to_whoever_may_give_it(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    ada.post(at("approve", complete), {"then": "ask"})
    words, back = "Read and approve the notification", "See whether it is approved, or take it back"
    case = reverse("case", args=[complete.token])
    assert words in sign_in(everyone.ben).get(case).content.decode()
    page = ada.get(case).content.decode()
    assert words not in page
    assert back in page
    NotificationProcess.objects.filter(case=complete).update(author=everyone.ben)
    assert words not in sign_in(everyone.ben).get(case).content.decode()
    named = "Make somebody an approver"
    assert named in sign_in(everyone.adam).get(case).content.decode()
    assert named not in ada.get(case).content.decode()


def test_what_was_sent_unapproved_is_not_offered_to_its_author(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    ada.post(at("send", complete), {"then": "absent", "absent": "Ben is on leave."})
    case, words = reverse("case", args=[complete.token]), "Approve what was sent without you"
    assert words in sign_in(everyone.ben).get(case).content.decode()
    NotificationProcess.objects.filter(case=complete).update(author=everyone.ben)
    assert words not in sign_in(everyone.ben).get(case).content.decode()


@pytest.mark.parametrize("then", ["", "nonsense", "decide"])
@pytest.mark.parametrize("decision", ["", "approve", "return", "nonsense"])
@pytest.mark.parametrize("stage", ["draft", "waits", "sent"])
def test_whatever_is_pressed_whenever_is_answered(
    complete: Case, ada: Client, everyone: Cast, then: str, decision: str, stage: str
) -> None:
    if stage != "draft":
        ada.post(at("approve", complete), {"then": "ask"})
    ben = sign_in(everyone.ben)
    if stage == "sent":
        ben.post(at("approve", complete), {"then": "decide", "decision": "approve"})
        assert state(complete) == "submitted"
    asked = {"then": then, "decision": decision, "reason": "An invented reason."}
    assert ben.post(at("approve", complete), asked).status_code in {200, 302}


def test_an_approver_who_changed_a_page_does_not_approve_what_another_asks_for(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    nell = person("Nell", everyone.northmoor, "la_approver")
    ben = sign_in(everyone.ben)
    contact = {**PAGES["contact"], "job": "Head of service"}
    assert fill(ben, at("page", complete, page="contact"), contact).status_code == 302
    ada.post(at("approve", complete), {"then": "ask"})
    assert "It is with the approver" in main(ben, at("approve", complete))
    refused = ben.post(at("approve", complete), {"then": "decide", "decision": "approve"})
    assert errors(refused) == ["Only an approver who is not its author may decide this."]
    sent = sign_in(nell).post(at("approve", complete), {"then": "decide", "decision": "approve"})
    assert sent["Location"] == at("sent", complete), errors(sent)
    assert NotificationProcess.objects.get(case=complete).approved_by == nell


def test_an_approver_who_only_looked_at_a_page_approves_it(
    complete: Case, ada: Client, everyone: Cast
) -> None:
    ben = sign_in(everyone.ben)
    assert ben.get(at("page", complete, page="contact")).status_code == 200
    ada.post(at("approve", complete), {"then": "ask"})
    sent = ben.post(at("approve", complete), {"then": "decide", "decision": "approve"})
    assert sent["Location"] == at("sent", complete), errors(sent)
