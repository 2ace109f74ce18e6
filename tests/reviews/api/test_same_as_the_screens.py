"""The same rapid review sent on the screens and by a system: every row of the case is the same."""

from typing import Any

from tests.notifications.answers import fill, sign_in
from tests.notifications.api.test_same_as_the_screens import Rows, told_of, undone
from tests.reviews.api.reviewed import TODAY, all_sign, body, put, send_it
from tests.reviews.telling import Told, chapters, decision_pages
from workflow.api.clients import LetIn
from workflow.models import Person, RapidReview

ITEMS = {
    "participants": {"name": "Robin Invented", "position": "Nurse", "agency": "hospital"},
    "agencies": {"agency": "gp", "contributed": "yes"},
}


def on_the_screens(told: Told, pages: dict[str, Any]) -> None:
    """Bea fills it in page by page, asks the partners to sign, and sends it when they have."""
    bea, here = sign_in(told.cast.bea), f"/cases/{told.case.address}/rapid-review/"
    for section, typed in ITEMS.items():
        assert fill(bea, f"{here}{section}/add/", typed).status_code == 302, section
    for page, typed in pages.items():
        assert fill(bea, f"{here}{page}/", typed).status_code == 302, page
    assert bea.post(f"{here}steps/seek-signatures/").status_code == 302
    all_sign(told)
    answer = bea.post(f"{here}check/")
    assert answer.status_code == 302, answer.content.decode()


def typed() -> dict[str, Any]:
    """The pages as a browser sends them."""
    decided = decision_pages(
        "no_sufficient_learning", decided_on=TODAY, decide_by="2027-01-29", met=True
    )
    meeting = {"met_on-not-known": ["not-known"], "other_areas": ["no"]}
    return {"meeting": meeting, **chapters(), **decided}


def by_a_system(told: Told, system: LetIn, token: str, said: dict[str, Any]) -> Rows:
    """It is put, signed by people, and sent."""
    answer = put(told, token, said)
    assert answer.status_code == 200, answer.json()
    all_sign(told)
    answer = send_it(told, token)
    assert answer.status_code == 200, answer.json()
    return rows_of(told, system.client.account, "la_filing_system")


def rows_of(told: Told, actor: Person, role: str) -> Rows:
    """Every row about the case, without the numbers that its signatures were given by turn."""
    found = told_of(told.again(), actor, role)
    for row in found["reviews_sentreview"]:
        row["signed"] = [{**mark, "sign_off": "drawn anew"} for mark in row["signed"]]
    return found


def test_the_same_rapid_review_is_stored_alike(told: Told, system: LetIn, token: str) -> None:
    def screens() -> Rows:
        on_the_screens(told, typed())
        return rows_of(told, told.cast.bea, "business_unit")

    first = undone(screens)
    assert RapidReview.objects.get().state == "opened"
    second = by_a_system(told, system, token, body())
    assert first.keys() == second.keys()
    for table, rows in first.items():
        assert second[table] == rows, table
    filled = {table for table, rows in first.items() if rows}
    assert filled >= {
        "workflow_answers", "workflow_answersevent", "workflow_rapidreview", "workflow_outbox",
        "workflow_rapidreviewevent", "workflow_event", "reviews_sentreview", "reviews_signoff",
        "reviews_partnersdecision", "workflow_practicereview", "workflow_deadline",
    }  # fmt: skip


def test_a_difference_would_be_found(told: Told, system: LetIn, token: str) -> None:
    found = [
        undone(lambda said=said: by_a_system(told, system, token, said))  # type: ignore[misc]
        for said in (body(), body(summary={"text": "Other words."}))
    ]
    first, second = found
    assert {table for table in first if first[table] != second[table]} == {
        "workflow_answers", "workflow_answersevent", "reviews_sentreview",
    }  # fmt: skip
