"""The app notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Tells Django where the models are, the trail what a correction is of, and what ends."""

    name = "notifications"

    def ready(self) -> None:
        """The timeline names the page that was corrected; what a record held in clear can end."""
        # Questions are known only once every model is.
        from notifications.document import corrected_words  # noqa: PLC0415
        from notifications.erasing import erase  # noqa: PLC0415
        from workflow.retention.disposing import ERASED  # noqa: PLC0415
        from workflow.views.recorded import RECORDED  # noqa: PLC0415

        RECORDED["added_or_corrected"] = corrected_words
        ERASED.append(erase)
