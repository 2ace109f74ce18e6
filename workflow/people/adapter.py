"""How sign-in behaves here: no sign-up, plain words, and one place where its mail leaves."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.core.mail import EmailMessage
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The adapter of the sign-in pages."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Your account is closed. Ask your organisation's administrator",
        "email_password_mismatch": "Check your email address and password. One of them is wrong",
        "enter_current_password": "Enter the password you use now",
        "incorrect_password": "Enter the password you use now",
        "invalid_login": "Check your email address and password. One of them is wrong",
        "rate_limited": "Wait a few minutes, then try again",
        "too_many_login_attempts": "Wait 5 minutes, then try again. There were too many attempts",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are added by the administrators of their organisations."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Draw one of the sign-in messages and hand it on."""
        whole = {"request": current.request, "email": email, **context}
        self.deliver(self.render_mail(template_prefix, email, whole))

    def deliver(self, message: EmailMessage) -> None:
        """Send a drawn message. Every message of the sign-in pages leaves here."""
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        message.send()
