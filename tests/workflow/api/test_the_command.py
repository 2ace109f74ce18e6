"""The command that lets systems in, lists them and shuts them out."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.story import Cast
from tests.workflow.api.conftest import encoded


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("api_client", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_lets_in_lists_and_shuts_out(everyone: Cast) -> None:
    said = run(
        "create", "--authority", "9901", "--name", "Case files", "--by", everyone.adam.email,
        "--scope", "cases.read", "--json",
    )  # fmt: skip
    made = json.loads(said)
    assert made["scopes"] == ["cases.read"]
    fields = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    answer = Client().post("/api/v1/token", **encoded(grant_type="client_credentials", **fields))
    assert answer.status_code == 200
    listed = run("list")
    assert made["client_id"] in listed
    assert made["client_secret"] not in listed + run("list", "--json")
    assert "no more" in run("revoke", made["client_id"], "--by", everyone.sam.email)
    assert "revoked" in run("list")
    shown = run("create", "--authority", "9902", "--name", "Files", "--by", everyone.sam.email)
    assert "not to be had again" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "--authority", "9901", "--name", "X"], "--by"),
        (["create", "--authority", "1", "--name", "X", "--by", "sam"], "DfE code"),
        (["create", "--name", "X", "--by", "sam"], "DfE code"),
        (["create", "--authority", "9901", "--by", "sam"], "called"),
        (["create", "--authority", "9902", "--name", "X", "--by", "adam"], "administrator"),
        (["revoke", "nobody", "--by", "sam"], "No system"),
        (["create", "--scope", "everything"], "scope"),
        (["make"], "create"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    everyone: Cast, arguments: list[str], said: str
) -> None:
    known = [everyone.people[one].email if one in ("sam", "adam") else one for one in arguments]
    with pytest.raises(CommandError, match=said) as refusal:
        run(*known)
    assert refusal.value.returncode == 2
