"""Each statutory partner gives its own view; nobody else writes, changes or removes it."""

import pytest
from django.db import DatabaseError, connection, transaction

from reviews.models import SentReview, SignOff
from reviews.services import signing
from reviews.services.reading import signatures
from reviews.services.refusals import AskFirst
from tests.reviews.telling import SENTINEL, Told, a_rapid_review, given
from tests.story import BEGAN, day, moment, organisation, person
from workflow.models import Event, Grant, Organisation, PartnershipMember
from workflow.services import CannotAdvance, NotFound

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
    told.signed("ira", "agree", "2026-12-01")
    told.signed("lena", "agree", "2026-12-01")
    sent = told.filled("2026-12-02").sent("2026-12-02", confirmed=False)
    assert [(mark["partner"], mark["view"]) for mark in sent.signed] == [
        ("authority", "agree"),
        ("icb", "agree"),
        ("police", "missing"),
    ]


def test_a_dissent_is_asked_about_before_sending_and_goes_with_it(told: Told) -> None:
    row = told.signed("polly", "dissent", "2026-12-01", comment=f"No, {SENTINEL}")
    told.filled("2026-12-02")
    with pytest.raises(AskFirst) as asked:
        told.sent("2026-12-02", confirmed=False)
    assert asked.value.reasons == ["Northmoor Police does not agree."]
    sent = told.sent("2026-12-02")
    assert sent.signed[2]["view"] == "dissent"
    assert sent.signed[2]["sign_off"] == row.pk


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
