"""The command by which an operator ends a webhook of an authority."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import shown, sight
from tests.notifications.answers import sign_in
from tests.story import Cast, a_case
from tests.workflow.webhooks.conftest import TODAY
from tests.workflow.webhooks.test_pages import at, registered
from workflow.models import Outbox, Webhook, WebhookAct
from workflow.webhooks.delivering import call_all


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("webhook", *arguments, stdout=said)
    return said.getvalue()


def test_what_the_operator_ends_leaves_what_ending_it_on_its_page_does(everyone: Cast) -> None:
    hook, sam = registered(everyone), everyone.sam
    a_case(everyone, aware="2026-11-19", opened=TODAY)
    name, letters = str(hook.name), Outbox.objects.filter(kind="webhook_changed")
    before = letters.count()
    said = json.loads(run("end", name, "--by", sam.email, "--dry-run", "--json"))
    assert (said["done"], said["ended"]) == (False, None)
    assert Webhook.objects.get().ended_at is None
    assert name in run("list")
    with sight.shut():
        assert "is told nothing more" in run("end", name, "--by", f" {sam.email.upper()}")
    found = Webhook.objects.get()
    assert (found.ended_by, found.secret, found.secret_before) == (sam, "", "")
    done = WebhookAct.objects.filter(did=WebhookAct.Did.ENDED)
    assert [one.by for one in done] == [sam]
    assert letters.count() == before + 2
    rows = Outbox.objects.filter(webhook=hook)
    assert call_all() == 0
    assert rows.exists()
    assert not rows.filter(cancelled_at=None).exists()
    assert json.loads(run("list", "--json"))[0]["ended"]


def test_the_authority_reads_that_it_was_the_operator_and_no_name_of_theirs(
    everyone: Cast,
) -> None:
    hook, adam = registered(everyone), sign_in(everyone.adam)
    shown.who_it_is(adam, everyone.adam)
    run("end", str(hook.name), "--by", everyone.sam.email)
    page = adam.get(at("webhook", everyone, key=hook.pk)).content.decode()
    assert "The operator of this service ended it on" in page
    assert "Sam" not in page
    assert "Adam" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["end", "NAME"], "--by"),
        (["end", "NAME", "--by", "ben"], "who of the operator"),
        (["end", "NAME", "--by", "ben", "--dry-run"], "who of the operator"),
        # Who may on its page, where they have signed in.
        (["end", "NAME", "--by", "adam"], "who of the operator"),
        (["end", "1", "--by", "sam"], "No webhook"),
        (["end", "00000000-0000-4000-8000-000000000000", "--by", "sam"], "No webhook"),
        (["end", "--by", "sam"], "No webhook"),
        (["stop"], "end"),
    ],
)
def test_it_refuses_in_one_sentence(everyone: Cast, arguments: list[str], said: str) -> None:
    hook = registered(everyone)
    known = {"NAME": str(hook.name)}
    known |= {name: everyone.people[name].email for name in ("adam", "ben", "sam")}
    with pytest.raises(CommandError, match=said) as refusal:
        run(*(known.get(one, one) for one in arguments))
    assert refusal.value.returncode == 2
    assert Webhook.objects.get().ended_at is None


def test_it_is_ended_once(everyone: Cast) -> None:
    name, by = str(registered(everyone).name), everyone.sam.email
    run("end", name, "--by", by)
    for dry in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="It was ended already"):
            run("end", name, "--by", by, *dry)
