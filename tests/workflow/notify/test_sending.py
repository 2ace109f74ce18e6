"""Messages leave through GOV.UK Notify: one call for each address, and none twice."""

import socket

import pytest
from pytest_django import Settings

from tests import databases
from tests.story import Story, a_case, cast
from tests.workflow.notify import fake
from tests.workflow.notify.fake import Fake
from tests.workflow.notify.rounds import deliver_later, fresh, the_one
from workflow import clock
from workflow.models import Outbox
from workflow.outbox import delivering, notify
from workflow.outbox.delivering import deliver
from workflow.outbox.mail import addresses, message_id
from workflow.outbox.notify import as_typed


def test_each_row_leaves_once_under_its_own_reference(story: Story, post: Fake) -> None:
    deliver()
    deliver()
    rows = Outbox.objects.filter(sent_at__isnull=False)
    assert rows.count() == 5
    assert {row.receipt_id for row in rows} == {one["reference"] for one in post.taken}
    assert {message_id(row).strip("<>").partition("@")[0] for row in rows} == {
        one["reference"] for one in post.taken
    }
    owed = [one for row in rows for one in addresses(row, on=clock.today())]
    assert sorted(post.addresses()) == sorted(owed)


def test_the_words_pass_through_the_template_unchanged(story: Story, post: Fake) -> None:
    deliver()
    label = story.case.label
    for one in post.taken:
        words = one["personalisation"]
        assert words["subject"] == f"Notification received: {label}"
        assert f"Reference: {label}\n" in words["body"]
        assert f"\nhttp://localhost:8000/cases/{story.case.address}/\n" in words["body"]
        assert notify._NOTHING_SEEN not in words["body"]


@pytest.mark.parametrize(
    "line", ["# 1", "* a", "^ a", "1. a", "---", "***", "+ a", "  # a", "[a]: b"]
)
def test_a_line_that_notify_would_format_is_shown_as_it_was_written(line: str) -> None:
    shown = as_typed(f"First\n{line}\n- an item\nSIN-AAAA-BBBB-CCCC – by 3 December\n#")
    assert shown.replace(notify._NOTHING_SEEN, "") == (
        f"First\n{line}\n- an item\nSIN-AAAA-BBBB-CCCC – by 3 December\n#"
    )
    _, special, item, reference, last = shown.split("\n")
    assert special[0] == last[0] == notify._NOTHING_SEEN
    assert item == "- an item"
    assert reference == "SIN-AAAA-BBBB-CCCC – by 3 December"


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("rate", "NotifyLimit"),
        ("daily", "NotifyLimit"),
        ("server", "NotifyServerError"),
        ("away", "NotifyServerError"),
        ("slow", "NotifyNoAnswer"),
        ("drop", "NotifyNoAnswer"),
        ("garbled", "NotifyBrokenAnswer"),
        ("page", "NotifyBrokenAnswer"),
        ("list", "NotifyBrokenAnswer"),
    ],
)
def test_an_outage_blames_no_row_and_each_leaves_when_it_ends(
    story: Story, post: Fake, fault: str, word: str
) -> None:
    post.faults, post.lasting = [fault], True
    assert deliver() == 0
    rows = Outbox.objects.all()
    assert {(row.attempts, row.lease_until, row.fault) for row in rows} == {(0, None, word)}
    assert all(row.next_attempt_at > clock.now() for row in rows)
    post.faults = []
    assert deliver_later() == 5
    assert {row.fault for row in Outbox.objects.all()} == {""}


@pytest.mark.parametrize("fault", ["drop after", "garbled after", "slow after"])
def test_a_message_that_was_taken_and_whose_answer_was_lost_is_not_sent_again(
    story: Story, post: Fake, fault: str
) -> None:
    row = the_one()
    post.faults = [fault]
    assert deliver() == 0
    assert len(post.taken) == 1
    assert deliver_later() == 1
    assert len(post.taken) == 1
    assert fresh(row).sent_at is not None


def test_a_sender_that_died_after_sending_is_followed_by_one_that_does_not_repeat_it(
    story: Story, post: Fake
) -> None:
    row = the_one()
    deliver()
    Outbox.objects.filter(pk=row.pk).update(sent_at=None, receipt_id="")
    assert deliver_later() == 1
    assert len(post.taken) == 1
    assert fresh(row).receipt_id == post.taken[0]["reference"]


def test_an_outage_among_the_addresses_of_a_row_sends_only_the_rest_again(
    story: Story, post: Fake
) -> None:
    row = the_one(to=2)
    post.faults = ["", "rate"]
    assert deliver() == 0
    assert len(post.taken) == 1
    assert deliver_later() == 1
    assert sorted(post.addresses()) == sorted(addresses(row, on=clock.today()))


def test_an_address_that_is_refused_keeps_no_other_waiting(story: Story, post: Fake) -> None:
    row = the_one(to=2)
    post.faults = ["trial", ""]
    assert deliver() == 0
    row = fresh(row)
    assert (row.attempts, row.fault) == (1, "NotifyBadRequest")
    assert len(post.taken) == 1
    Outbox.objects.filter(pk=row.pk).update(attempts=delivering.MOST_ATTEMPTS - 1)
    post.faults, post.lasting = ["trial"], True
    deliver_later()
    assert fresh(row).dead_at is not None
    assert len(post.taken) == 1


def test_an_address_that_is_none_blames_its_own_row_alone(committing_db: str, post: Fake) -> None:
    story = a_case(cast(), aware="2026-11-19").notified("2026-11-20")
    wrong = Outbox.objects.exclude(organisation=None).order_by("pk")[0]
    assert wrong.organisation is not None
    wrong.organisation.contact_email = "nobody at all"
    wrong.organisation.save()
    with databases.as_worker(committing_db):
        assert deliver() == 4
        wrong.refresh_from_db()
        assert (wrong.attempts, wrong.fault, wrong.sent_at) == (1, "NotifyBadRequest", None)
    assert story.case.pk == wrong.case_id


@pytest.mark.parametrize("wrong", ["key", "service", "clock", "template", "words", "place"])
def test_a_wrong_setting_is_an_alarm_and_no_row_is_given_up(
    story: Story,
    post: Fake,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    none = "00000000-0000-4000-8000-000000000000"
    if wrong == "key":
        settings.NOTIFY_API_KEY = f"invented-{fake.SERVICE}-{none}"
    elif wrong == "service":
        settings.NOTIFY_API_KEY = f"invented-{none}-{fake.SECRET}"
    elif wrong == "clock":
        post.seconds_off = 31
    elif wrong == "template":
        settings.NOTIFY_TEMPLATE_ID = none
    elif wrong == "words":
        post.subject = "A message for you"
    else:
        post.reading = "missing"
    Outbox.objects.update(attempts=delivering.MOST_ATTEMPTS - 1)
    assert deliver() == 0
    rows = Outbox.objects.all()
    assert {(row.attempts, row.dead_at) for row in rows} == {(delivering.MOST_ATTEMPTS - 1, None)}
    (said,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert said.getMessage().startswith("no message can be sent now (Notify")
    assert post.taken == []


def test_nobody_listening_is_an_outage(story: Story, post: Fake, settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.NOTIFY_BASE_URL = f"http://127.0.0.1:{probe.getsockname()[1]}"
        assert deliver() == 0
    assert {row.fault for row in Outbox.objects.all()} == {"NotifyNoAnswer"}


def test_a_row_that_breaks_the_server_keeps_no_other_waiting(story: Story, post: Fake) -> None:
    post.faults = ["server"]
    assert deliver() == 0
    rows = list(Outbox.objects.order_by("next_attempt_at", "pk"))
    assert rows[-1].pk == min(row.pk for row in rows)


def test_a_row_that_takes_too_long_is_left_for_the_next_round(
    story: Story, post: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = the_one(to=2)
    monkeypatch.setattr(notify, "SECONDS_FOR_A_ROW", -1)
    assert deliver() == 0
    assert fresh(row).fault == "NotifySlow"
    assert post.taken == []


def test_no_address_and_no_answer_of_notify_gets_into_the_log(
    story: Story, post: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    post.faults, post.lasting = ["trial"], True
    deliver()
    assert "NotifyBadRequest" in caplog.text
    assert "@" not in caplog.text
    assert "trial mode" not in caplog.text
