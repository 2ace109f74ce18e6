"""The second factor: who needs one, and what rests of it."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from workflow import clock
from workflow.people.person import Person
from workflow.sealed import keys
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
_PROVED = "second_factor"
# What of a factor's row is sealed: the secret of an app, what recovery codes are made from.
SECRETS = ("secret", "seed")


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
        """The secret as it rests in the table."""
        return _ciphers()[0].encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of a table's row."""
        return MultiFernet(_ciphers()).decrypt(encrypted_text.encode()).decode()


def _ciphers() -> list[Fernet]:
    made = keys.made_from_the_master_key(b"second factors")
    return [Fernet(base64.urlsafe_b64encode(key)) for key in made]


def seal_again(*, dry_run: bool = False) -> tuple[int, int]:
    """Every second factor is sealed under the master key; returns how many there are, and were not.

    Whoever signs in meanwhile is not disturbed. Raises InvalidToken where neither master key opens
    one.
    """
    several, again = 0, 0
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            one = Authenticator.objects.select_for_update().filter(pk=key).first()
            if one is None:
                continue
            several += 1
            sealed = {name: one.data[name] for name in SECRETS if name in one.data}
            if all(_opens(_ciphers()[0], text) for text in sealed.values()):
                continue
            again += 1
            fresh = MultiFernet(_ciphers())
            for name, text in sealed.items():
                one.data[name] = fresh.rotate(text.encode()).decode()
            if not dry_run:
                one.save(update_fields=["data"])
    return several, again


def _opens(cipher: Fernet, text: str) -> bool:
    try:
        cipher.decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def have_changed(request: HttpRequest, person: Person) -> None:
    """Every other session of the person is over, and this one is asked anew what it has."""
    request.session.pop(_PROVED, None)
    end_elsewhere(request, person)


def needs_one(person: Person) -> bool:
    """Whether a role that the person holds today requires a second factor."""
    if settings.SECOND_FACTOR != REQUIRED:
        return False
    return any(BY_ROLE[role] == REQUIRED for role in person.roles_on(clock.today()))


def owes_one(request: HttpRequest) -> bool:
    """Whether the signed-in person has yet to set up what their role requires.

    Once it is there it is noted in the session, which ends its note with any change.
    """
    person = request.user
    if not isinstance(person, Person) or request.session.get(_PROVED) or not needs_one(person):
        return False
    if not MFAAdapter().is_mfa_enabled(person):
        return True
    request.session[_PROVED] = True
    return False
