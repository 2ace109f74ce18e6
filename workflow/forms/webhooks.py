"""Which address is told of acts on an authority's cases."""

from workflow.forms import GovukForm, TextField


class WebhookForm(GovukForm):
    """The address of a system."""

    address = TextField(
        "Address",
        called="the address",
        hint="It begins with https:// and is reached from the internet. Put nothing secret in it:"
        " it is shown on these pages",
        limit=300,
        autocomplete="off",
    )


class NothingAskedForm(GovukForm):
    """One button; what can be refused is said above it."""
