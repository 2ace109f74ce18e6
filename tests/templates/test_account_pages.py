"""The pages and messages of signing in are ours, and speak plainly."""

from pathlib import Path
from typing import Any

import allauth.account
import pytest
from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.utils.html import escape

from tests.templates.gallery import CSRF
from tests.templates.markup import Markup
from workflow.forms import account

PACKAGE = Path(allauth.account.__file__).parent.parent / "templates" / "account"
MFA = PACKAGE.parent / "mfa"
# Nothing routes these: no telephone numbers, no codes, no passkeys.
NOT_ROUTED = {
    "confirm_email_verification_code.html",
    "confirm_password_reset_code.html",
    "confirm_phone_verification_code.html",
    "email_change.html",
    "phone_change.html",
    "signup_by_passkey.html",
}
PAGES = sorted(
    path.name
    for path in PACKAGE.glob("*.html")
    if not path.name.startswith("base_") and path.name not in NOT_ROUTED
)


# Routed are codes from an app and recovery codes; no browser is trusted without.
OF_FACTORS = sorted(
    f"mfa/{path.relative_to(MFA)}"
    for path in (
        *MFA.glob("*.html"),
        *MFA.glob("totp/*.html"),
        *MFA.glob("recovery_codes/*"),
        *MFA.glob("email/totp*"),
        *MFA.glob("email/recovery*"),
    )
    if not path.name.startswith("base") and path.name != "trust.html"
)


@pytest.mark.parametrize("name", [*(f"account/{page}" for page in PAGES), *OF_FACTORS, "429.html"])
def test_no_page_comes_from_the_package(name: str) -> None:
    assert get_template(name).backend.name == "jinja2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "context"),
    [
        ("login", {"form": account.SignInForm()}),
        ("login", {"form": account.SignInForm({})}),
        ("logout", {}),
        ("account_inactive", {}),
        ("signup_closed", {}),
        ("signup", {"form": None}),
        ("password_reset", {"form": account.ResetPasswordForm()}),
        ("password_reset_done", {}),
        ("password_reset_from_key", {"form": account.ResetPasswordKeyForm(), "action_url": "/x"}),
        ("password_reset_from_key", {"form": None, "token_fail": True}),
        ("password_reset_from_key_done", {}),
        ("password_change", {"form": account.ChangePasswordForm()}),
        ("password_set", {"form": account.SetPasswordForm()}),
        ("reauthenticate", {"form": account.ReauthenticateForm(user=None)}),
        ("email", {"emailaddresses": [], "form": account.AddEmailForm()}),
        ("email_confirm", {"confirmation": None}),
        ("verification_sent", {}),
        ("verified_email_required", {}),
        ("request_login_code", {}),
        ("confirm_login_code", {}),
    ],
)
def test_every_page_is_drawn(page: str, context: dict[str, Any]) -> None:
    whole = {"csrf_input": CSRF, **context}
    found = Markup(render_to_string(f"account/{page}.html", whole))
    assert found.one("h1").text
    for form in found.all("form"):
        assert "novalidate" in form.attrs
        assert "csrfmiddlewaretoken" in {e.attrs.get("name") for e in form.inside}


def test_an_empty_sign_in_says_what_to_enter() -> None:
    form = account.SignInForm({})
    found = Markup(render_to_string("account/login.html", {"form": form, "csrf_input": CSRF}))
    links = [e for e in found.of_class("govuk-error-summary")[0].inside if e.tag == "a"]
    assert [(e.text, e.attrs["href"]) for e in links] == [
        ("Enter your email address", "#id_login"),
        ("Enter your password", "#id_password"),
    ]
    password = found.one("input", id="id_password")
    assert password.attrs["autocomplete"] == "current-password"
    assert found.one("input", id="id_login").attrs["autocomplete"] == "email"


def test_an_address_without_a_domain_is_refused_with_an_example() -> None:
    form = account.ResetPasswordForm({"email": "ada"})
    assert form.errors["email"] == [
        "Enter an email address in the correct format, like name@example.com"
    ]


def test_nobody_adds_an_address_of_their_own() -> None:
    form = account.AddEmailForm(data={"email": "other@northmoor.example"})
    assert form.errors["email"] == [
        "Ask your organisation’s administrator to change your email address"
    ]


def test_sign_up_is_closed() -> None:
    assert not get_adapter().is_open_for_signup(HttpRequest())


@pytest.mark.parametrize(
    ("prefix", "context"),
    [
        ("account/email/password_reset_key", {"password_reset_url": "https://x.example/?a=1&b=2"}),
        ("account/email/password_changed", {}),
        ("account/email/password_reset", {}),
        ("account/email/password_set", {}),
        ("account/email/new_device", {}),
        ("account/email/outside_connected", {}),
        ("account/email/outside_removed", {}),
        ("mfa/email/totp_activated", {}),
        ("mfa/email/totp_deactivated", {}),
        ("mfa/email/recovery_codes_generated", {}),
        ("mfa/email/webauthn_added", {}),
        ("mfa/email/webauthn_removed", {}),
    ],
)
def test_a_message_is_plain_text_that_is_not_escaped(prefix: str, context: dict[str, Any]) -> None:
    subject, body = (
        render_to_string(f"{prefix}_{part}.txt", context).strip() for part in ("subject", "message")
    )
    for address in context.values():
        assert address in body
        assert escape(address) not in body
    assert "\n\n\n" not in body
    assert "<" not in body
    assert 0 < len(subject) <= 78
    assert subject[0].isupper()
