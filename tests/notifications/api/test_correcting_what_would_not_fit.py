"""A system's correction is refused for what sending would have been refused for."""

from typing import Any

import pytest

from notifications.models import Amendment
from tests.notifications.answers import at, sign_in, when
from tests.notifications.api.filed import FILE, NK, PAGES, body, read, send
from tests.story import Cast
from tests.workflow.api.conftest import is_problem
from workflow.models import Case, Deadline

WHY = {"reason": "The hospital found more."}


@pytest.mark.parametrize(
    ("page", "item", "answers", "place"),
    [
        ("awareness", "", {**PAGES["awareness"], "aware_on": "2026-11-16"}, "answers.aware_on"),
        ("when", "", {**PAGES["when"], "began_on": "2026-11-20", "time": ""}, "answers.began_on"),
        ("part", "1", {"role": "subject", "fate": "died", "died_on": "2020-01-01"}, "answers.fate"),
    ],
)
def test_a_system_is_refused_as_a_person_is(
    token: str, page: str, item: str, answers: dict[str, Any], place: str
) -> None:
    address = send(token, FILE, body()).json()["address"]
    said = {"page": page, "item": item, "answers": answers, **WHY}
    answer = send(token, f"{address}/amendments", said, If_Match=read(token, address)["ETag"])
    assert place in [one["name"] for one in is_problem(answer, 422)["errors"]]
    assert not Amendment.objects.exists()


def test_a_system_corrects_no_draft_of_the_next_notification(token: str, everyone: Cast) -> None:
    address = send(token, FILE, body()).json()["address"]
    case = Case.objects.get()
    typed = {"happened": "harm_became_death", **when("aware_on", "2026-11-20"), "reason": "Died."}
    assert sign_in(everyone.ada).post(at("continue", case), typed).status_code == 302
    said = {"page": "part", "item": "1", "answers": {"role": "sibling", "fate": "neither"}, **WHY}
    answer = send(token, f"{address}/amendments", said, If_Match=read(token, address)["ETag"])
    told = is_problem(answer, 409)["errors"][0]["detail"]
    assert told == "Nothing has been sent yet: change the draft instead."


def test_a_system_adds_what_was_not_known_and_changes_nothing_that_was(token: str) -> None:
    died = body(basis={"happened": "died"}, status={"status": NK}, cause={"cause": "maltreatment"})
    died["pages"]["response"]["coroner"] = True
    died["children"][0]["part"] = {"role": "subject", "fate": "died", "died_on": "2026-11-18"}
    answer = send(token, FILE, died)
    assert answer.status_code == 201, answer.json()
    address = answer.json()["address"]

    def amended(page: str, answers: dict[str, Any]) -> Any:
        said = {"page": page, "answers": answers, **WHY}
        return send(token, f"{address}/amendments", said, If_Match=read(token, address)["ETag"])

    refused = amended("basis", {**PAGES["basis"], "happened": "died", "age": "18_to_24"})
    assert [one["name"] for one in is_problem(refused, 422)["errors"]] == ["page"]
    assert amended("status", {"status": "here"}).status_code == 200
    assert Case.objects.get().looked_after is True
    clock = Deadline.objects.get(duty="looked-after-child-death")
    assert (clock.start_on.isoformat(), clock.met_on) == ("2026-11-19", Amendment.objects.get().on)
    again = amended("status", {"status": "neither"})
    assert [one["name"] for one in is_problem(again, 422)["errors"]] == ["page"]
