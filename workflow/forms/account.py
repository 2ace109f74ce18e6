"""The sign-in package's forms, with labels and refusals in the words of this service."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.core.exceptions import ValidationError

from workflow import opaque
from workflow.people.person import Person
from workflow.signing_in import lockout

NEW_PASSWORD = "Use at least 12 characters. Three random words are easy to remember"  # noqa: S105 - a hint, not a password.


def reword(form: forms.BaseForm, **words: tuple[str, str, str]) -> None:
    """Give fields their label, their hint and what to do when they are empty."""
    for name, (label, hint, missing) in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = missing
        field.error_messages["invalid"] = (
            "Enter an email address in the correct format, like name@example.com"
        )
    form.use_required_attribute = False


class SignInForm(allauth.LoginForm):  # type: ignore[misc]
    """E-mail address and password. What is wrong is never said more exactly than "one of them"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(
            self,
            login=("Email address", "", "Enter your email address"),
            password=("Password", "", "Enter your password"),
        )

    def clean(self) -> Any:
        """Answers with the person found; a refusal leads to the first field."""
        try:
            return super().clean()
        except ValidationError as refusal:
            self.add_error("login", refusal)
            return self.cleaned_data


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    """The address to send the link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email=("Email address", "", "Enter your email address"))


class _NewPassword(forms.BaseForm):
    """Two new passwords that must be the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(
            self,
            password1=("New password", NEW_PASSWORD, "Enter a new password"),
            password2=("Repeat the new password", "", "Enter the new password again"),
        )


class ResetPasswordKeyForm(_NewPassword, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, from the link that was sent."""

    def save(self) -> None:
        """The new password holds, and whoever was locked out for guessing may come in."""
        super().save()
        lockout.forgive(self.user)


class WhoseLinkForm(allauth.UserTokenForm):  # type: ignore[misc]
    """Whose link it is: it names the person as addresses do, never by their key."""

    def _get_user(self, uidb36: str) -> Person | None:
        key = opaque.find(opaque.PERSON, uidb36)
        return None if key is None else Person.objects.filter(pk=key).first()


class SetPasswordForm(_NewPassword, allauth.SetPasswordForm):  # type: ignore[misc]
    """A first password."""


class ChangePasswordForm(_NewPassword, allauth.ChangePasswordForm):  # type: ignore[misc]
    """A new password in place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, oldpassword=("Current password", "", "Enter your current password"))


class ReauthenticateForm(allauth.ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password=("Password", "", "Enter your password"))


class AddEmailForm(allauth.AddEmailForm):  # type: ignore[misc]
    """Refused always: who signs in with which address is decided by the organisation."""

    def clean_email(self) -> str:
        """Never an address."""
        raise ValidationError("Ask your organisation’s administrator to change your email address")
