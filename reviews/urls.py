"""The addresses of reviews."""

from django.urls import URLPattern, path

from notifications.sections import addresses
from reviews.views import acting, confirming, considering, preparing, reading, signing
from reviews.views.desk import DESK

app_name = "reviews"

CASE = "cases/<token:token>/"
REVIEW = f"{CASE}rapid-review/"

urlpatterns: list[URLPattern] = [
    path(f"{CASE}triage/", acting.triage, name="triage"),
    path(f"{CASE}triage/<slug:act>/", acting.triage_act, name="triage-act"),
    path(f"{CASE}decision/", reading.decision, name="decision"),
    path(f"{CASE}decision/confirm/", confirming.confirm, name="confirm"),
    path(REVIEW, preparing.tasks, name="tasks"),
    path(f"{REVIEW}check/", preparing.check, name="check"),
    path(f"{REVIEW}sent/", preparing.sent, name="sent"),
    path(f"{REVIEW}read/", reading.read, name="read"),
    path(f"{REVIEW}print/", reading.print_view, name="print"),
    path(f"{REVIEW}sign/", signing.sign, name="sign"),
    path(f"{REVIEW}signed/", signing.signed, name="signed"),
    path(f"{REVIEW}received/", signing.received, name="received"),
    path(f"{REVIEW}consider/", considering.consider, name="consider"),
    path(f"{REVIEW}respond/", considering.respond, name="respond"),
    path(f"{REVIEW}responded/", considering.responded, name="responded"),
    path(f"{REVIEW}steps/<slug:act>/", acting.step, name="step"),
    *addresses(DESK, REVIEW),
]
