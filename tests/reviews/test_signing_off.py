"""Each statutory partner gives its own view; nobody else writes, changes or removes it."""

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from reviews.models import SentReview, SignOff
from reviews.services import signing
from reviews.services.reading import signatures
from reviews.services.refusals import AskFirst
from tests.reviews.telling import SENTINEL, Told, a_rapid_review, given
from tests.story import BEGAN, day, moment, organisation, person
from tests.watch import holes_in
from workflow import services
from workflow.models import Event, Grant, Organisation, PartnershipMember
from workflow.people.membership import leave
from workflow.queues import queue_page
from workflow.services import CannotAdvance, NotFound
from workflow.views.doing import to_do
from workflow.views.frame import OVERVIEW, case_frame

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Told:
    return a_rapid_review()


def views(told: Told) -> dict[str, str]:
    found = signatures(told.rapid_review, on=day("2026-12-01"))
    return {row.partner: row.newest.view if row.newest else "" for row in found}


def test_the_three_partners_are_the_authority_the_board_and_the_police(told: Told) -> None:
    assert views(told) == {"authority": "", "icb": "", "police": ""}


def test_a_partner_agrees_in_its_own_name(told: Told) -> None:
    row = told.signed("ira", "agree", "2026-12-01")
    assert (row.name, row.received, row.partner) == ("Ira", False, "icb")
    assert views(told)["icb"] == "agree"


def test_a_dissent_needs_its_reason(told: Told) -> None:
    with pytest.raises(CannotAdvance) as refused:
        told.signed("polly", "dissent", "2026-12-01")
    assert refused.value.reasons == ["Say what you do not agree with, and why."]


def test_a_later_view_stands_beside_the_first_and_both_are_kept(told: Told) -> None:
    told.signed("polly", "dissent", "2026-12-01", comment="Not agreed")
    told.signed("polly", "agree", "2026-12-02")
    kept = SignOff.objects.filter(partner="police").order_by("pk")
    assert [row.view for row in kept] == ["dissent", "agree"]
    assert views(told)["police"] == "agree"


@pytest.mark.parametrize(
    "statement", ["UPDATE reviews_signoff SET view = 'agree'", "DELETE FROM reviews_signoff"]
)
def test_nobody_can_change_or_remove_a_dissent_even_in_the_database(
    told: Told, statement: str
) -> None:
    row = told.signed("polly", "dissent", "2026-12-01", comment="Not agreed")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SignOff.objects.get(pk=row.pk).view == "dissent"


@pytest.mark.parametrize("who", ["ada", "bea", "sol", "polly"])
def test_nobody_else_gives_a_partners_view(told: Told, who: str) -> None:
    icb = Organisation.objects.get(kind="icb")
    with pytest.raises(CannotAdvance):
        signing.sign(
            told.rapid_review,
            icb,
            given("agree", "2026-12-01"),
            by=told.cast.people[who],
            on=day("2026-12-01"),
            at=moment("2026-12-01"),
        )
    assert not SignOff.objects.exists()


def test_another_authority_of_the_same_partnership_signs_for_itself() -> None:
    told = a_rapid_review()
    eastmere = organisation("authority", "Eastmere", dfe_code="9903")
    PartnershipMember.objects.create(
        partnership=told.cast.partnership, organisation=eastmere, since=BEGAN
    )
    told.cast.people["eda"] = person("Eda", eastmere, "safeguarding_partner")
    Grant.objects.create(
        case=told.case, organisation=eastmere, capacity="partner", since=day("2026-11-23")
    )
    row = told.signed("eda", "agree", "2026-12-01")
    assert (row.organisation, row.partner) == (eastmere, "authority")


def test_another_area_can_not_sign(told: Told) -> None:
    with pytest.raises(NotFound):
        signing.sign(
            told.rapid_review,
            told.cast.northmoor,
            given("agree", "2026-12-01"),
            by=told.cast.cara,
            on=day("2026-12-01"),
            at=moment("2026-12-01"),
        )


def received(told: Told, who: str) -> SignOff:
    return signing.record_received(
        told.rapid_review,
        Organisation.objects.get(kind="police"),
        given("dissent", "2026-11-30", comment="By letter", name="Chief Invented"),
        by=told.cast.people[who],
        on=day("2026-12-01"),
        at=moment("2026-12-01"),
    )


def test_the_business_unit_writes_down_a_view_it_received_and_it_is_marked_so(told: Told) -> None:
    row = received(told, "bea")
    assert (row.received, row.name, row.by) == (True, "Chief Invented", told.cast.bea)
    assert (row.signed_on, row.on) == (day("2026-11-30"), day("2026-12-01"))


def test_the_notifier_can_not_write_down_a_partners_view(told: Told) -> None:
    with pytest.raises(CannotAdvance):
        received(told, "ada")


def test_a_missing_view_is_recorded_at_sending_and_holds_nothing_up(told: Told) -> None:
    told.filled("2026-12-01")
    told.signed("ira", "agree", "2026-12-02")
    told.signed("lena", "agree", "2026-12-02")
    sent = told.sent("2026-12-02", confirmed=False)
    assert [(mark["partner"], mark["view"]) for mark in sent.signed] == [
        ("authority", "agree"),
        ("icb", "agree"),
        ("police", "missing"),
    ]


def test_a_dissent_is_asked_about_before_sending_and_goes_with_it(told: Told) -> None:
    told.filled("2026-12-01")
    row = told.signed("polly", "dissent", "2026-12-02", comment=f"No, {SENTINEL}")
    with pytest.raises(AskFirst) as asked:
        told.sent("2026-12-02", confirmed=False)
    assert asked.value.reasons == ["Northmoor Police does not agree."]
    sent = told.sent("2026-12-02")
    assert sent.signed[2]["view"] == "dissent"
    assert sent.signed[2]["sign_off"] == row.pk


def test_a_view_of_an_earlier_draft_is_asked_about_before_sending_until_it_is_given_again(
    told: Told,
) -> None:
    told.filled("2026-12-01")
    told.signed("ira", "agree", "2026-12-01")
    told.signed("polly", "dissent", "2026-12-01", comment="No.")
    told.typed("summary", {"text": ["Other words."], "finished": ["yes"]}, on="2026-12-02")
    icb, police = "Northmoor Integrated Care Board", "Northmoor Police"
    earlier = "gave its view of an earlier draft."
    with pytest.raises(AskFirst) as asked:
        told.sent("2026-12-02", confirmed=False)
    assert asked.value.reasons == [
        f"{police} does not agree.", f"{icb} {earlier}", f"{police} {earlier}",
    ]  # fmt: skip
    told.signed("polly", "agree", "2026-12-02")
    with pytest.raises(AskFirst) as asked:
        told.sent("2026-12-02", confirmed=False)
    assert asked.value.reasons == [f"{icb} {earlier}"]
    sent = told.sent("2026-12-02")
    marks = {mark["partner"]: mark.get("earlier_draft") for mark in sent.signed}
    assert marks == {"authority": None, "icb": True, "police": False}


def test_a_dissent_given_after_sending_is_kept_too(told: Told) -> None:
    told.filled("2026-12-02").sent("2026-12-02")
    told.signed("polly", "dissent", "2026-12-03", comment="Late but heard")
    assert views(told)["police"] == "dissent"
    assert SentReview.objects.get().signed[2]["view"] == "missing"


def test_the_trail_tells_the_view_but_not_the_words(told: Told) -> None:
    told.signed("polly", "dissent", "2026-12-01", comment=f"No, {SENTINEL}")
    event = Event.objects.filter(case=told.case).latest("sequence")
    assert event.act == "sign_off"
    assert event.payload["view"] == "dissent"
    assert SENTINEL not in str(event.payload)


ALL = ("ira", "polly", "lena")


@pytest.fixture
def asked(told: Told) -> Told:
    told.act(told.rapid_review, "seek_signatures", "bea", "2026-11-30")
    return told


def entries(told: Told, who: str, on: str = "2026-12-01") -> list[tuple[str, bool]]:
    """What the case page offers a person about signing, and whether it is their turn."""
    person, case = told.cast.people[who], told.again()
    person.forget_memberships()
    frame = case_frame(case, person, on=day(on), active=OVERVIEW)
    found = to_do(case, frame, services.turns(case, on=day(on)), person, on=day(on))
    return [(one.title, one.is_turn) for one in found if "/sign/" in one.href]


def to_sign(told: Told, who: str, on: str = "2026-12-01") -> list[str]:
    person = told.cast.people[who]
    person.forget_memberships()
    return [row.case.label for row in queue_page(person, "needs-action", on=day(on)).rows]


SIGN = ("Sign the rapid review: agree or dissent", True)
CHANGE = ("Change your view of the rapid review", False)


def test_a_partner_that_has_signed_is_asked_no_longer_and_the_others_still_are(asked: Told) -> None:
    assert entries(asked, "ira") == [SIGN]
    assert to_sign(asked, "ira") == [asked.case.label]
    asked.signed("ira", "agree", "2026-12-01")
    assert entries(asked, "ira") == [CHANGE]
    assert to_sign(asked, "ira") == []
    assert entries(asked, "polly") == [SIGN]
    assert to_sign(asked, "polly") == [asked.case.label]
    names = [turn.organisation.name for turn in services.turns(asked.again(), on=day("2026-12-01"))]
    assert names[-2:] == ["Northmoor", "Northmoor Police"]
    assert holes_in(asked.case, on=day("2026-12-01")) == []


def test_a_view_that_was_written_down_counts_as_given(asked: Told) -> None:
    received(asked, "bea")
    assert to_sign(asked, "polly") == []
    assert to_sign(asked, "ira") == [asked.case.label]


def test_once_all_have_signed_the_case_waits_for_the_business_unit(asked: Told) -> None:
    for who in ALL:
        asked.signed(who, "agree", "2026-12-01")
    assert asked.rapid_review.state == "signed"
    header = case_frame(asked.again(), asked.cast.ira, on=day("2026-12-01"), active=OVERVIEW).header
    assert "Business unit" in header["waiting_for"]
    assert "Safeguarding partner" not in header["waiting_for"]
    assert entries(asked, "lena") == [CHANGE]
    assert holes_in(asked.case, on=day("2026-12-01")) == []
    asked.filled("2026-12-02").sent("2026-12-02")
    assert asked.rapid_review.state == "submitted"


def test_nobody_is_asked_for_what_all_have_given_already(told: Told) -> None:
    for who in ALL:
        told.signed(who, "agree", "2026-12-01")
    with pytest.raises(CannotAdvance) as refused:
        told.act(told.rapid_review, "seek_signatures", "bea", "2026-12-01")
    assert refused.value.reasons == [
        "Every partner has given its view. You can send it to the Panel."
    ]


@pytest.mark.parametrize("who", ["ben", "ada", "bea", "lena", "ira", "sol"])
def test_the_link_to_sign_and_its_page_ask_the_same_rule(asked: Told, who: str) -> None:
    client = Client()
    with time_machine.travel(moment("2026-12-01"), tick=False):
        client.force_login(asked.cast.people[who])
        page = client.get(reverse("reviews:sign", args=[asked.case.token]))
        overview = client.get(reverse("case", args=[asked.case.token])).content.decode()
        offered = "/sign/" in overview
    assert page.status_code == (200 if offered else 404)
    assert offered == (who in {"lena", "ira"})


def test_where_nobody_is_the_partner_the_approver_signs_by_the_same_link(asked: Told) -> None:
    leave(asked.cast.lena.memberships.get(), on=day("2026-11-30"))
    assert entries(asked, "ben") == [SIGN]
    assert to_sign(asked, "ben") == [asked.case.label]
    asked.signed("ben", "agree", "2026-12-01")
    assert entries(asked, "ben") == [CHANGE]
    assert to_sign(asked, "ben") == []
