"""The pages about people on a phone: no barrier, no sideways scroll, and without script."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.live import LiveService
from tests.story import Cast, cast, day
from tests.templates.axe import overflow, violations
from tests.workflow.signing_in.test_pages_of_the_second_step_in_a_browser import signs_in
from workflow import clock
from workflow.models import Invitation
from workflow.people import managing

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def everyone(live_service: LiveService) -> Cast:
    with live_service.data():
        found = cast()
        for number in (1, 2):
            managing.invite(
                email=f"nora{number}@a-very-long-name-of-an-authority.example", name="Nora",
                organisation=found.northmoor, role="la_notifier", since=day("2026-12-10"),
                by=found.adam, on=clock.today(), at=clock.now(),
            )  # fmt: skip
        return found


def test_they_fit_a_phone_and_have_no_barrier(
    open_page: Open, live_service: LiveService, everyone: Cast
) -> None:
    page = open_page(width=320)
    with live_service.data():
        link = Invitation.objects.all()[0].secret
    page.goto(f"{live_service.url}/invitation/{link}/")
    looked = [(page.url, violations(page), overflow(page))]
    signs_in(page, live_service, everyone.adam.email)
    there = reverse("people-of", args=[everyone.northmoor.pk])
    ada = reverse("person", args=[everyone.northmoor.pk, everyone.ada.pk])
    for path in (there, f"{there}invite/", f"{there}settings/", ada,
                 f"{ada}role/", "/invitation/1/"):  # fmt: skip
        page.goto(f"{live_service.url}{path}")
        looked.append((page.url, violations(page), overflow(page)))
    other = open_page(width=320)
    signs_in(other, live_service, everyone.sam.email)
    other.goto(f"{live_service.url}/people/")
    looked.append((other.url, violations(other), overflow(other)))
    assert [one for one in looked if one[1] or one[2]] == []
