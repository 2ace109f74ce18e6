"""The second factor: who needs one, and what rests of it."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from workflow import clock
from workflow.people.person import Person
from workflow.signing_in import security_keys
from workflow.signing_in.ending import end_elsewhere

REQUIRED, OFFERED = "required", "offered"
# The table beside the roles: a role that is not here, or is here twice, fails a test.
BY_ROLE: dict[str, str] = {
    "la_notifier": REQUIRED,
    "la_approver": REQUIRED,
    "la_administrator": REQUIRED,
    "safeguarding_partner": REQUIRED,
    "business_unit": REQUIRED,
    # A program never signs in; whoever tried as it would read nothing.
    "la_system": REQUIRED,
    "la_filing_system": REQUIRED,
    # Asked for single answers, and reads nothing of a case.
    "agency_contributor": OFFERED,
    "reviewer": REQUIRED,
    "panel_secretariat": REQUIRED,
    "panel_member": REQUIRED,
    "panel_chair": REQUIRED,
    "national_reviewer": REQUIRED,
    "dfe_receiver": REQUIRED,
    "dfe_analyst": REQUIRED,
    "ofsted_observer": REQUIRED,
    "deadline_administrator": REQUIRED,
    "auditor": REQUIRED,
    "privacy_officer": REQUIRED,
}
_PROVED, _NO_WAY_ROUND, _OUTSIDE = "second_factor", "no_way_round", "second_factor_outside"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How second factors behave here: sealed at rest, and in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Enter the code that your app shows now, or an unused recovery code",
        "cannot_generate_recovery_codes": "Set up an authenticator app first",
    }

    def get_totp_issuer(self) -> str:
        """What the app shows beside its code."""
        return str(settings.SERVICE_NAME)

    def build_totp_svg(self, url: str) -> str:
        """The square to scan, as a drawing that stands in a page and is told to screen readers."""
        code = QRCode(image_factory=SvgPathImage, box_size=8)
        code.add_data(url)
        drawn: str = code.make_image().to_string(encoding="unicode")
        return drawn.replace("<svg ", '<svg role="img" aria-label="The square to scan" ', 1)

    def encrypt(self, text: str) -> str:
        """The text itself: only the row knows whose it is, and seals it so when it is stored."""
        return text

    def decrypt(self, encrypted_text: str) -> str:
        """The text itself, of a row that was opened when it was read."""
        return encrypted_text

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - the package's own parameter
        """What a key is called that its owner gave no name."""
        known = Authenticator.objects.filter(user=user, type=type).count()
        return f"Security key {known + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """To whom a security key belongs."""
        return security_keys.relying_party()


def have_changed(request: HttpRequest, person: Person) -> None:
    """Every other session of the person is over, and this one is asked anew what it has."""
    request.session.pop(_PROVED, None)
    end_elsewhere(request, person)
    _look_for_a_way_round(request, person)


@receiver(authenticator_used)
def _has_used_one(request: HttpRequest, user: Person, **rest: Any) -> None:
    _look_for_a_way_round(request, user)


def _look_for_a_way_round(request: HttpRequest, person: Person) -> None:
    # A security key needs script, and can be lost: a code must always do in its place.
    kinds = Authenticator.Type
    mine = {row.type: row for row in Authenticator.objects.filter(user=person)}
    key_alone = kinds.WEBAUTHN in mine and kinds.TOTP not in mine
    codes = mine.get(kinds.RECOVERY_CODES) if key_alone else None
    left = codes is not None and codes.wrap().get_unused_codes()
    request.session[_NO_WAY_ROUND] = bool(key_alone and not left)


def needs_one(person: Person) -> bool:
    """Whether a role that the person holds today requires a second factor."""
    if settings.SECOND_FACTOR != REQUIRED:
        return False
    return any(BY_ROLE[role] == REQUIRED for role in person.roles_on(clock.today()))


def owes_one(request: HttpRequest) -> bool:
    """Whether the signed-in person has yet to set up what their role requires.

    Once it is there it is noted in the session, which ends its note with any change.
    """
    person, noted = request.user, request.session
    if noted.get(_PROVED) or noted.get(_OUTSIDE):
        return False
    if not isinstance(person, Person) or not needs_one(person):
        return False
    if not MFAAdapter().is_mfa_enabled(person):
        return True
    request.session[_PROVED] = True
    return False


def was_shown_outside(request: HttpRequest) -> None:
    """In this session the person owes none of ours: a provider that enforces one has seen one."""
    request.session[_OUTSIDE] = True


def owed(request: HttpRequest) -> str | None:
    """The name of the page that comes before all others; None for whoever owes nothing.

    Whoever has a security key alone owes new recovery codes once the last was used.
    """
    if owes_one(request):
        return "mfa_activate_totp"
    if isinstance(request.user, Person) and request.session.get(_NO_WAY_ROUND):
        # Codes are made after the factor that they stand in for was told of.
        _look_for_a_way_round(request, request.user)
        return "mfa_generate_recovery_codes" if request.session[_NO_WAY_ROUND] else None
    return None
