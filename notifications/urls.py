"""The addresses of notifications."""

from django.urls import URLPattern, path

from notifications.sections import addresses
from notifications.views import (
    acts,
    amending,
    approving,
    coded,
    documents,
    filling,
    reading,
    screening,
    sending,
    telling,
    transferring,
)
from notifications.views.desk import DESK

app_name = "notifications"
CASE = "cases/<token:token>/"
HERE = f"{CASE}notification/"

urlpatterns: list[URLPattern] = [
    path("notifications/new/", screening.screening, name="screening"),
    path("notifications/new/start/", screening.start, name="start"),
    path("notifications/enter/", screening.enter, name="enter"),
    path(f"{CASE}children/", reading.children, name="children"),
    path(f"{CASE}documents/", documents.listed, name="documents"),
    path(f"{CASE}documents/attach/", documents.attach, name="document-attach"),
    path(f"{CASE}documents/<int:number>/", documents.file, name="document"),
    path(f"{CASE}documents/<int:number>/remove/", documents.remove, name="document-remove"),
    path(HERE, filling.tasks, name="tasks"),
    path(f"{HERE}due-date/", filling.due, name="due"),
    path(f"{HERE}check/", filling.check, name="check"),
    path(f"{HERE}duplicate/", sending.duplicate, name="duplicate"),
    path(f"{HERE}pause/", sending.pause, name="pause"),
    path(f"{HERE}send/", sending.send, name="send"),
    path(f"{HERE}sent/", sending.sent, name="sent"),
    path(f"{HERE}national-export/", sending.national_export, name="national-export"),
    path(f"{HERE}approve/", approving.approve, name="approve"),
    path(f"{HERE}read/", reading.read, name="read"),
    path(f"{HERE}coded/", coded.coded, name="coded"),
    path(f"{HERE}print/", reading.printed, name="print"),
    path(f"{HERE}amend/", amending.choose, name="amend"),
    path(f"{HERE}amend/<slug:page>/", amending.correct, {"desk": DESK}, name="amend-page"),
    path(
        f"{HERE}amend/<slug:page>/<slug:item>/",
        amending.correct,
        {"desk": DESK},
        name="amend-item",
    ),
    path(f"{HERE}reply/", acts.reply, name="reply"),
    path(f"{HERE}propose/", acts.propose, name="propose"),
    path(f"{HERE}continue/", acts.go_on, name="continue"),
    path(f"{CASE}transfer/", transferring.transfer, name="transfer"),
    path(f"{HERE}partners-told/", telling.partners_told, name="partners-told"),
    path(f"{HERE}not-notified/", acts.not_notified, name="not-notified"),
    *addresses(DESK, HERE),
]
