"""The app reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Tells Django where the models are."""

    name = "reviews"
