"""The forms of the second factor, in the words of this service."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from workflow.forms.account import reword
from workflow.signing_in import security_keys

CODE = "Code"
FROM_THE_APP = "The 6 digits that your authenticator app shows now, or one of your recovery codes"


class CodeForm(base.AuthenticateForm):  # type: ignore[misc]
    """A code, to go on signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=(CODE, FROM_THE_APP, "Enter a code"))


class CodeAgainForm(base.ReauthenticateForm):  # type: ignore[misc]
    """A code, to show once more that it is oneself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=(CODE, FROM_THE_APP, "Enter a code"))


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=(CODE, "The 6 digits that the app shows now", "Enter the code"))


NAME = "Name of the key"
NAME_LENGTH = 60
TO_TELL_IT = "So that you can tell it from another, for example “blue key” or “work laptop”"


def _named(form: forms.BaseForm) -> None:
    form.fields["name"] = forms.CharField(
        label=NAME,
        help_text=TO_TELL_IT,
        max_length=NAME_LENGTH,
        required=form.fields["name"].required,
        error_messages={
            "required": "Enter a name for the key",
            "max_length": f"The name must be {NAME_LENGTH} characters or fewer",
        },
    )


class _SaidByAKey(forms.JSONField):
    """What a key said, as the script wrote it down; no key says so much, or in such depth."""

    MOST = 64 * 1024

    def to_python(self, value: Any) -> Any:
        """The words read."""
        if isinstance(value, str) and len(value) > self.MOST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except RecursionError as fault:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from fault


def _keyed(form: forms.BaseForm) -> None:
    words = {"required": security_keys.NOTHING_SENT, "invalid": security_keys.NOT_ACCEPTED}
    form.fields["credential"] = _SaidByAKey(widget=forms.HiddenInput, error_messages=words)
    form.use_required_attribute = False


class AddKeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new security key, as it told the browser; one without a name is given one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self)
        _keyed(self)

    def clean_credential(self) -> Any:
        """Answers with what the key said, if it was said here."""
        with security_keys.refusing():
            security_keys.was_said_here(self.cleaned_data["credential"], RegistrationResponse)
        return self.cleaned_data["credential"]

    def clean(self) -> Any:
        """Answers with everything; a key that is refused stands beside its button."""
        # A name that is refused leaves what the key said unused: it says it anew.
        if self.errors:
            return self.cleaned_data
        try:
            with security_keys.refusing():
                return super().clean()
        except forms.ValidationError as refusal:
            self.add_error("credential", refusal)
            return self.cleaned_data


class KeyForm(webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key, to go on signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _keyed(self)

    def clean_credential(self) -> Authenticator:
        """Answers with the row of the key."""
        with security_keys.refusing():
            security_keys.was_said_here(self.cleaned_data["credential"], AuthenticationResponse)
            return super().clean_credential()


class KeyAgainForm(KeyForm, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A security key, to show once more that it is oneself."""


class RenameKeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self)
        self.use_required_attribute = False
