"""The app reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Tells Django where the models are, and out of which texts words can be taken."""

    name = "reviews"

    def ready(self) -> None:
        """Words can be taken out of a rapid review, of views of it, and of what the Panel wrote."""
        # Questions are known only once every model is.
        from reviews.redacting import REPEATED, TEXTS  # noqa: PLC0415
        from workflow.retention.copies import DOCUMENTS  # noqa: PLC0415
        from workflow.retention.reasons import also_in  # noqa: PLC0415

        DOCUMENTS.update(TEXTS)
        also_in(*REPEATED)
