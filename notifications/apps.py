"""The app notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Tells Django where the models are, and the trail what a correction is of."""

    name = "notifications"

    def ready(self) -> None:
        """The timeline names the page that was added to or corrected."""
        # Questions are known only once every model is.
        from notifications.document import corrected_words  # noqa: PLC0415
        from workflow.views.recorded import RECORDED  # noqa: PLC0415

        RECORDED["added_or_corrected"] = corrected_words
