"""A system's correction is refused for what sending would have been refused for."""

from typing import Any

import pytest

from notifications.models import Amendment
from tests.notifications.answers import at, sign_in, when
from tests.notifications.api.filed import FILE, PAGES, body, read, send
from tests.story import Cast
from tests.workflow.api.conftest import is_problem
from workflow.models import Case

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
