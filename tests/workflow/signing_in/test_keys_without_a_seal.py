"""A key that somebody put into the table, past the service, opens nothing."""

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.test import Client
from pytest_django import Settings

from tests.story import PASSWORD, Cast
from tests.workflow.signing_in.keys import SITE, asked, has_a_key
from workflow.signing_in import sealing

ASKED = "/account/second-step/authenticate/"


@pytest.mark.parametrize("left", ["the credential", "a text", "nothing"])
def test_a_key_that_rests_without_its_seal_is_refused(
    everyone: Cast, settings: Settings, left: str
) -> None:
    settings.SITE_URL = SITE
    key, row = has_a_key(everyone.ada)
    before = Client()
    before.post("/account/login/", {"login": everyone.ada.email, "password": PASSWORD})
    challenge = asked(before, ASKED)
    told = {"the credential": row.data["credential"], "a text": "not sealed", "nothing": None}
    put = {"name": "blue key"} | ({"credential": told[left]} if told[left] else {})
    Authenticator.objects.filter(pk=row.pk).update(data=put)
    ada = Client()
    typed = {"login": everyone.ada.email, "password": PASSWORD}
    assert ada.post("/account/login/", typed).headers["Location"] == ASKED
    # It is asked for nothing, and what it answers to anything is not looked at.
    assert ada.get(ASKED).status_code == 503
    answered = {"credential": key.answers(challenge)}
    assert ada.post(ASKED, answered).status_code == 503
    assert ada.get("/home/").status_code == 302
    if told[left]:
        with pytest.raises(InvalidToken):
            sealing.seal_again()
