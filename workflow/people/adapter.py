"""How sign-in behaves here: no sign-up, plain words, and one place where its mail leaves."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from workflow import clock
from workflow.outbox.models import Outbox
from workflow.people.person import Person
from workflow.signing_in import devices, factors, lockout
from workflow.signing_in.recent import showed_lately


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The adapter of the sign-in pages."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Your account is closed. Ask your organisation’s administrator",
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

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the person has to show first that it is they: not twice within five minutes."""
        return not showed_lately(self.request)

    def get_login_stages(self) -> list[str]:
        """The steps of signing in, with our own second one."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "workflow.signing_in.stages.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign the person in; with a browser that is new to them they are told by mail."""
        if user.last_login is not None and not devices.is_known(request, user):
            self.send_mail("account/email/new_device", user.email, {})
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Lead on to the work, and know this browser from now on."""
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(request, response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Attempts are counted for an address and a network together, never for one alone.

        The package would count an address alone, so that anybody could lock anybody out, and a
        network alone, from which a whole authority comes. Here they only come one after the other.
        """
        lockout.look_at_no_other(request, credentials)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """Never: an address is proved by the first password set through it."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show that it is oneself, each in our words."""
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code",
            "mfa_reauthenticate:webauthn": "Use a security key",
        }
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one | {"description": words.get(one["id"], one["description"])} for one in found]

    def send_notification_mail(self, template_prefix: str, user: Any, *rest: Any) -> None:
        """Tell a person what changed in how they sign in; a second factor ends other sessions."""
        if template_prefix.startswith("mfa/"):
            factors.have_changed(self.request, user)
        super().send_notification_mail(template_prefix, user, *rest)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write one of the sign-in messages into the outbox; the worker makes its link.

        Nothing is sent from a request, and no link that opens an account rests in a table.
        """
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is not None:
            at = clock.now()
            row = Outbox(
                dedupe=f"{template_prefix}:p{person.pk}:{at.isoformat()}",
                kind=template_prefix,
                person=person,
                created_at=at,
                next_attempt_at=at,
            )
            # Whoever does the same twice in one instant is told once, and kept out by nothing.
            Outbox.objects.bulk_create([row], ignore_conflicts=True)
