"""What an approver returned is filed again by the system that filed it, whole, or not at all."""

from typing import Any

import pytest
from django.test import Client

from tests.notifications.answers import PAGES, at, fill, sign_in
from tests.notifications.api.filed import CHILD, FILE, body, named, read, send
from tests.notifications.api.test_same_as_the_screens import Rows, on_the_screens, told_of, undone
from tests.story import Cast
from tests.workflow.api.conftest import is_problem
from workflow.api.clients import LetIn
from workflow.models import Answers, Case, Membership, NotificationProcess

RETURN = {"then": "decide", "decision": "return", "reason": "Say who found the child."}
WORDS = "Child A was found with bruises by a neighbour."


@pytest.fixture(autouse=True)
def asks_for_approval(everyone: Cast) -> None:
    everyone.northmoor.approval_required = True
    everyone.northmoor.save()
    # Whoever returns it does so in another role than the one who filed it.
    Membership.objects.filter(person=everyone.ben, role="la_notifier").delete()


@pytest.fixture
def returned(everyone: Cast, token: str) -> str:
    """The address of what the system filed and Ben returned."""
    address = str(send(token, FILE, body()).json()["address"])
    give_back(everyone)
    return address


def give_back(everyone: Cast) -> None:
    assert sign_in(everyone.ben).post(at("approve", Case.objects.get()), RETURN).status_code == 302
    assert NotificationProcess.objects.get().state == "draft"


def again(token: str, address: str, said: Any, *, key: str = "", tag: str = "") -> Any:
    seen = tag or str(read(token, address)["ETag"])
    return send(token, f"{address}/again", said, key=key, If_Match=seen)


def two_children() -> dict[str, Any]:
    said = body()
    second = {**CHILD, "name": {"given": "Kit", "family": "Sample", "others": ""}}
    second["school"] = {"status": "below_school_age"}
    second["birth"] = {**CHILD["birth"], "born_on": "2022-04-28"}
    return {**said, "children": [*said["children"], second]}


def test_it_waits_for_the_approver_again_and_says_what_was_sent(
    everyone: Cast, token: str, returned: str
) -> None:
    answer = again(token, returned, body(description={"description": WORDS}))
    assert answer.status_code == 200, answer.json()
    assert answer.json()["state"] == "awaiting_approval"
    assert read(token, returned).json()["pages"]["description"]["description"] == WORDS
    assert read(token, returned)["ETag"] == answer["ETag"]
    sent = {"then": "decide", "decision": "approve"}
    assert sign_in(everyone.ben).post(at("approve", Case.objects.get()), sent).status_code == 302
    assert NotificationProcess.objects.get().state == "submitted"


def test_what_says_the_same_rests_as_it_is(token: str, returned: str) -> None:
    before = dict(Answers.objects.values_list("section", "version"))
    assert again(token, returned, body(description={"description": WORDS})).status_code == 200
    after = dict(Answers.objects.values_list("section", "version"))
    assert {name for name in after if after[name] != before[name]} == {"description"}


def test_a_page_left_out_is_emptied_and_so_told_as_missing(token: str, returned: str) -> None:
    said = body()
    del said["pages"]["harm"]
    del said["children"][0]["birth"]
    answer = again(token, returned, said)
    is_problem(answer, 422)
    assert {"pages.harm.types", "children[0].birth.basis"} <= set(named(answer))
    assert read(token, returned).json()["pages"]["harm"] == body()["pages"]["harm"]


def test_children_come_and_go_and_faults_stand_where_they_were_sent(
    token: str, returned: str
) -> None:
    answer = again(token, returned, two_children())
    assert answer.status_code == 200, named(answer)
    there = read(token, returned).json()["children"]
    assert [one["name"]["given"] for one in there] == ["Nia", "Kit"]


def test_a_child_too_few_is_taken_out_and_a_later_one_gets_a_new_number(
    everyone: Cast, token: str, returned: str
) -> None:
    again(token, returned, two_children())
    give_back(everyone)
    assert again(token, returned, body()).status_code == 200
    assert [one["item"] for one in read(token, returned).json()["children"]] == ["1"]
    assert Answers.objects.get(section="children", item="2").removed_at is not None
    give_back(everyone)
    said = two_children()
    said["children"][1]["birth"] = {"basis": "x"}
    assert "children[1].birth.basis" in named(again(token, returned, said))
    assert again(token, returned, two_children()).status_code == 200
    assert [one["item"] for one in read(token, returned).json()["children"]] == ["1", "3"]


def test_with_one_key_it_is_filed_again_once(token: str, returned: str) -> None:
    tag = str(read(token, returned)["ETag"])
    said = body(description={"description": WORDS})
    first = again(token, returned, said, key="key of the draft", tag=tag)
    second = again(token, returned, said, key="key of the draft", tag=tag)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content


def test_what_a_person_changed_meanwhile_is_not_written_over(
    everyone: Cast, token: str, returned: str
) -> None:
    tag, case = str(read(token, returned)["ETag"]), Case.objects.get()
    page = {**PAGES["description"], "description": "Ada's own words."}
    assert (
        fill(sign_in(everyone.ada), at("page", case, page="description"), page).status_code == 302
    )
    is_problem(again(token, returned, body(), tag=tag), 412)
    said = read(token, returned).json()["pages"]["description"]
    assert said["description"] == "Ada's own words."


def test_only_a_draft_of_its_own_is_filed_again(everyone: Cast, token: str) -> None:
    address = str(send(token, FILE, body()).json()["address"])
    is_problem(again(token, address, body()), 409)
    give_back(everyone)
    sign_in(everyone.ada).post(at("approve", Case.objects.get()), {"then": "ask"})
    give_back(everyone)
    assert NotificationProcess.objects.get().author == everyone.ada
    refused = is_problem(again(token, address, body()), 409)
    assert "only by the system that filed it" in refused["errors"][0]["detail"]


def test_a_draft_filed_again_is_stored_as_one_changed_on_the_screens(
    everyone: Cast, system: LetIn, token: str
) -> None:
    def screens() -> Rows:
        ada: Client = sign_in(everyone.ada)
        on_the_screens(ada, {})
        give_back(everyone)
        case = Case.objects.get()
        page = {**PAGES["description"], "description": WORDS}
        assert fill(ada, at("page", case, page="description"), page).status_code == 302
        assert ada.post(at("approve", case), {"then": "ask"}).status_code == 302
        return told_of(case, everyone.ada, "la_notifier")

    first = undone(screens)
    address = str(send(token, FILE, body()).json()["address"])
    give_back(everyone)
    answer = again(token, address, body(description={"description": WORDS}))
    assert answer.status_code == 200, answer.json()
    second = told_of(Case.objects.get(), system.client.account, "la_filing_system")
    assert first.keys() == second.keys()
    for table, rows in first.items():
        assert second[table] == rows, table
