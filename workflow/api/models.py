"""The systems that may ask, each of one authority; how often each has asked, and what was done."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from oauth2_provider.models import AbstractApplication
from oauthlib.common import Request

from workflow.people.organisations import Organisation
from workflow.sealed.fields import SealedJSON
from workflow.sealed.mixin import SealedModel


class ApiClient(AbstractApplication):  # type: ignore[misc]  # The toolkit has no types.
    """A system of one authority that may ask this service, and what for.

    Its account is who acts: a person to every rule, with a membership of its own and no password.
    Only the hash of its secret is stored. One that was revoked stays as a row.
    """

    # The toolkit's own word for whose it is; the account and the authority say it here.
    user = None
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_client"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    may = ArrayField(models.CharField(max_length=40))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]  # As above.
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    client_type=AbstractApplication.CLIENT_CONFIDENTIAL,
                    authorization_grant_type=AbstractApplication.GRANT_CLIENT_CREDENTIALS,
                    hash_client_secret=True,
                ),
                name="apiclient_by_its_own_secret",
            ),
        )

    def __str__(self) -> str:
        return f"System {self.client_id}"

    def is_usable(self, request: Request | None) -> bool:
        """Whether it is let in at all; asked at each request, so that revoking holds at once."""
        return self.revoked_at is None and self.account.is_active


class ApiUse(models.Model):
    """How often a system asked within one minute: the last in which it asked at all."""

    client = models.OneToOneField(ApiClient, models.CASCADE, primary_key=True, related_name="use")
    minute = models.DateTimeField()
    requests = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.requests} of {self.client_id}"


class ApiWrite(SealedModel):
    """What a system was answered when it had something done: asked again, it is answered alike.

    Neither its key nor what it asked for is kept, only what tells whether they are the same. It
    stays the account's when the case passes to another authority, and is out of sight then.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    answer = SealedJSON(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "key"], name="api_write_once"),)

    def __str__(self) -> str:
        return f"Write {self.pk} of {self.account_id}"
