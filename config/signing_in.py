"""What the packages that sign people in are told: django-allauth and django-axes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from config.environment import Reader
from workflow.signing_in import providers

_ACCOUNT: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "workflow.people.adapter.AccountAdapter",
    "ACCOUNT_FORMS": {
        "add_email": "workflow.forms.account.AddEmailForm",
        "change_password": "workflow.forms.account.ChangePasswordForm",
        "login": "workflow.forms.account.SignInForm",
        "reauthenticate": "workflow.forms.account.ReauthenticateForm",
        "reset_password": "workflow.forms.account.ResetPasswordForm",
        "reset_password_from_key": "workflow.forms.account.ResetPasswordKeyForm",
        "set_password": "workflow.forms.account.SetPasswordForm",
        "user_token": "workflow.forms.account.WhoseLinkForm",
    },
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    # An address is entered by an administrator and proved by the first password reset.
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    # Failed passwords are counted below. Of the package's own counts that of mere requests from a
    # network stands, and that of a second factor, which only the right password leads to.
    "ACCOUNT_RATE_LIMITS": {"login": "300/m/ip", "login_failed": "5/300s/key"},
}
_SECOND_FACTOR: dict[str, Any] = {
    "MFA_ADAPTER": "workflow.signing_in.factors.MFAAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes", "webauthn"],
    "MFA_FORMS": {
        "activate_totp": "workflow.forms.factors.ActivateForm",
        "add_webauthn": "workflow.forms.factors.AddKeyForm",
        "authenticate": "workflow.forms.factors.CodeForm",
        "authenticate_webauthn": "workflow.forms.factors.KeyForm",
        "edit_webauthn": "workflow.forms.factors.RenameKeyForm",
        "reauthenticate": "workflow.forms.factors.CodeAgainForm",
        "reauthenticate_webauthn": "workflow.forms.factors.KeyAgainForm",
    },
    # A key stands beside a password and never in its place, so that it need not ask for its PIN.
    "MFA_PASSKEY_LOGIN_ENABLED": False,
    # An address is entered by an administrator, and there is no other.
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
}
# Guesses are counted for an address and a network together, and forgotten by themselves.
_GUESSES: dict[str, Any] = {
    "AXES_FAILURE_LIMIT": 10,
    "AXES_COOLOFF_TIME": timedelta(minutes=15),
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_DISABLE_ACCESS_LOG": True,
    "AXES_ENABLE_ADMIN": False,
    "AXES_VERBOSE": False,
    "AXES_USERNAME_CALLABLE": "workflow.signing_in.lockout.whose",
    "AXES_CLIENT_IP_CALLABLE": "workflow.signing_in.lockout.network",
    "AXES_CLIENT_STR_CALLABLE": "workflow.signing_in.lockout.nameless",
    "AXES_LOCKOUT_CALLABLE": "workflow.signing_in.lockout.answer",
    "AXES_SENSITIVE_PARAMETERS": ["login", "email", "username", "csrfmiddlewaretoken", "next"],
}


def packages(*, https: bool) -> dict[str, Any]:
    """Their settings, by name."""
    protocol = "https" if https else "http"
    return {**_ACCOUNT, **_SECOND_FACTOR, **_GUESSES, "ACCOUNT_DEFAULT_HTTP_PROTOCOL": protocol}


def own_sign_ins(read: Reader, *, https: bool) -> tuple[providers.Provider, ...]:
    """The organisations' own providers; what is wrong with one is in the list of problems."""
    name = "SIGN_IN_PROVIDERS"
    text, file = read.text(name, ""), read.text(f"{name}_FILE", "")
    try:
        text = text or (Path(file).read_text(encoding="utf-8") if file else "")
    except OSError as error:
        read.wrong(f"{name}_FILE", f"cannot be read: {error.strerror}.")
    found, wrong = providers.read(text, https=https)
    for why in wrong:
        read.wrong(name, why)
    return found
