"""The addresses of workflow."""

from django.urls import URLPattern, URLResolver, path, register_converter

from workflow.machine.token import TokenConverter
from workflow.views import breaches, case, dates, later_date, linking, pages, queue, timeline

register_converter(TokenConverter, "token")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="start"),
    path("home/", queue.home, name="home"),
    path("queue/", queue.queue, name="queue"),
    path("late/", breaches.late, name="breaches"),
    path("account/", pages.account, name="account"),
    path("signed-out/", pages.signed_out, name="signed-out"),
    path("timed-out/", pages.timed_out, name="timed-out"),
    path("cases/<token:token>/", case.overview, name="case"),
    path("cases/<token:token>/people/", case.people, name="people-with-access"),
    path("cases/<token:token>/timeline/", timeline.timeline, name="timeline"),
    path("cases/<token:token>/chronology/", timeline.chronology, name="chronology"),
    path(
        "cases/<token:token>/dates/<slug:duty>/<int:cycle>/",
        dates.explained,
        name="date-explained",
    ),
    path(
        "cases/<token:token>/dates/<slug:duty>/<int:cycle>/later/",
        later_date.agree,
        name="agree-later-date",
    ),
    path("cases/<token:token>/link/", linking.link, name="link-case"),
    path("help/", pages.static_page, {"page": "help"}, name="help"),
    path("help/accessibility/", pages.static_page, {"page": "accessibility"}, name="accessibility"),
    path("help/privacy/", pages.static_page, {"page": "privacy"}, name="privacy"),
    path("help/cookies/", pages.static_page, {"page": "cookies"}, name="cookies"),
    path("help/whats-new/", pages.static_page, {"page": "whats_new"}, name="whats-new"),
]
