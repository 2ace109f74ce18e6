"""The app notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Tells Django where the models are."""

    name = "notifications"
