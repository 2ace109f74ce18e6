"""The addresses of rapid reviews for other systems. None has a slash at its end."""

from django.urls import URLPattern, path

from reviews.api import filing
from workflow.api.cases import CASE

HERE = f"{CASE}/rapid-review"

urlpatterns: list[URLPattern] = [
    path(HERE, filing.Put.as_view(), name="rapid-review"),
    path(f"{HERE}/sending", filing.Send.as_view(), name="rapid-review-send"),
]
