"""The app notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Tells Django where the models are, and the rooms below what is said of what happens here."""

    name = "notifications"

    def ready(self) -> None:
        """The timeline says what is of here; health looks at documents; what is of here can end."""
        # Questions are known only once every model is.
        from notifications import index_health  # noqa: PLC0415
        from notifications.attached import health  # noqa: PLC0415
        from notifications.attached.words import numbered_words  # noqa: PLC0415
        from notifications.document import corrected_words  # noqa: PLC0415
        from notifications.erasing import erase  # noqa: PLC0415
        from notifications.redacting import REPEATED, TEXTS  # noqa: PLC0415
        from workflow.health import lookout, signs, words  # noqa: PLC0415
        from workflow.retention.copies import DOCUMENTS  # noqa: PLC0415
        from workflow.retention.disposing import ERASED  # noqa: PLC0415
        from workflow.retention.reasons import also_in  # noqa: PLC0415
        from workflow.views.recorded import RECORDED  # noqa: PLC0415

        RECORDED["added_or_corrected"] = corrected_words
        ERASED.append(erase)
        for act in ("attached", "removed", "clean", "refused"):
            RECORDED[f"document_{act}"] = numbered_words
        for one in (health, index_health):
            signs.IN_DATABASE[one.NAME] = one.sign
            words.TITLES[one.NAME], words.WORDS[one.NAME] = one.TITLE, one.said
        lookout.CHORES[index_health.NAME] = index_health.CHORE
        DOCUMENTS.update(TEXTS)
        also_in(*REPEATED)
