"""The addresses of notifications for other systems. None has a slash at its end."""

from django.urls import URLPattern, path

from notifications.api import filing, reading
from workflow.api.cases import CASE

HERE = f"{CASE}/notification"

urlpatterns: list[URLPattern] = [
    path("notifications", filing.File.as_view(), name="file"),
    path(HERE, reading.Notified.as_view(), name="notification"),
    path(f"{HERE}/again", filing.FileAgain.as_view(), name="file-again"),
    path(f"{HERE}/amendments", filing.Amend.as_view(), name="amend"),
    path(f"{HERE}/withdrawal", filing.Withdraw.as_view(), name="withdraw"),
]
