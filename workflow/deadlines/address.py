"""A duty in the address of a page of a case."""

from workflow.law import duties


class DutyConverter:
    """A duty's slug inside the service, its neutral name in an address: `/dates/notify-3/1/`."""

    regex = "[a-z0-9-]+"

    def to_python(self, value: str) -> str:
        """The slug of the duty; ValueError, and so no page, where no duty is named so."""
        try:
            return duties.by_address(value).slug
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: str) -> str:
        """The duty's name as it stands in an address."""
        return duties.by_slug(value).address
