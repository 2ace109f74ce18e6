"""Sending a notification."""

from django.test import Client

from notifications.models import IncidentChild, Notification
from tests.notifications.answers import at, errors, fill_all
from workflow.models import Case


def test_a_whole_notification_is_sent_through_its_pages(draft: Case, ada: Client) -> None:
    fill_all(ada, draft)
    checked = ada.post(at("check", draft))
    assert checked.status_code == 302, errors(checked)
    assert checked["Location"] == at("send", draft)
    page = ada.get(at("send", draft)).content.decode()
    assert (
        "Send to the Panel, the Department for Education, Ofsted and the safeguarding partners"
        in page
    )
    sent = ada.post(at("send", draft), {"then": "send"})
    assert sent["Location"] == at("sent", draft), errors(sent)
    draft.refresh_from_db()
    html = ada.get(at("sent", draft)).content.decode()
    assert str(draft.reference) in html
    assert "Met, day 1 of 5" in html
    row = Notification.objects.get(case=draft)
    assert (row.nature, row.children, row.basis) == ("serious_harm", 1, ["s16c_serious_harm"])
    child = IncidentChild.objects.get(notification=row)
    assert (child.age, child.age_band, child.sex, child.harmed) == (5, "1_to_5", "F", True)
