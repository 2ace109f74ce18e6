"""Somebody of another authority who has an address of a case finds what is not there."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import URLPattern, URLResolver, get_resolver

from tests.journeys.calendar import working_days_ago
from tests.journeys.conftest import SignedIn
from tests.journeys.told import a_sent_case
from tests.live import LiveService
from tests.story import Cast
from workflow import clock, opaque

NOT_A_CASE = "0000-0000-0000"
EXAMPLES = {
    "<duty:duty>": "notify-1",
    "<int:cycle>": "1",
    "<slug:section>": "children",
    "<int:item>": "1",
    **{f"<{kind}:key>": opaque.hide(kind, 1) for kind in ("hold", "text", "redaction")},
    "<slug:item>": "1",
    "<slug:page>": "name",
    "<slug:act>": "acknowledge",
    "<int:number>": "1",
    "<slug:field>": "text",
}


def addresses_of_a_case() -> list[str]:
    """Every address of the service below a case, with TOKEN for the case."""
    found = [address for address in _all(get_resolver().url_patterns) if "<token:token>" in address]
    for part, example in EXAMPLES.items():
        found = [address.replace(part, example) for address in found]
    return sorted({address.replace("<token:token>", "TOKEN") for address in found})


def _all(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        address = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _all(one.url_patterns, address)
        else:
            yield f"/{address}"


def test_every_address_of_a_case_is_an_ordinary_404_to_another_authority(
    signed_in: SignedIn, everyone: Cast, live_service: LiveService
) -> None:
    with live_service.data():
        born = clock.today() - timedelta(days=3000)
        told = a_sent_case(everyone, aware=working_days_ago(4), on=working_days_ago(2), born=born)
        token = told.case.address
    addresses = addresses_of_a_case()
    assert len(addresses) > 40
    assert not [address for address in addresses if "<" in address]
    cara, ada = signed_in("cara"), signed_in("ada")
    ada.opens(f"/cases/{token}/")
    cara.opens(f"/cases/{token}/", status=404)
    cara.does_not_see("Northmoor", "SIN-")
    browser, url = cara.page.request, cara.service
    for address in addresses:
        answer = browser.get(f"{url}{address.replace('TOKEN', token)}", max_redirects=0)
        other = browser.get(f"{url}{address.replace('TOKEN', NOT_A_CASE)}", max_redirects=0)
        assert (answer.status, other.status) == (404, 404), address
        assert answer.text() == other.text(), address
