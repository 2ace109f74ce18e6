"""The forms of the second factor, in the words of this service."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp

from workflow.forms.account import reword

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
