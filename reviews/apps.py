"""The app reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Tells Django where the models are, and out of which answers words can be taken."""

    name = "reviews"

    def ready(self) -> None:
        """Words can be taken out of the answers of a rapid review."""
        # Questions are known only once every model is.
        from reviews.redacting import DOCUMENT  # noqa: PLC0415
        from workflow.retention.copies import DOCUMENTS  # noqa: PLC0415

        DOCUMENTS["rapid-review"] = DOCUMENT
