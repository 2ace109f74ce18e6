"""The addresses of workflow."""

from django.urls import URLPattern, URLResolver, path, register_converter

from workflow.machine.token import TokenConverter
from workflow.views import (
    board,
    breach,
    breach_list,
    case,
    dates,
    feed,
    later_date,
    linking,
    pages,
    queue,
    timeline,
    unclocked,
    working_days,
)

register_converter(TokenConverter, "token")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="start"),
    path("home/", queue.home, name="home"),
    path("queue/", queue.queue, name="queue"),
    path("late/", board.board, name="breaches"),
    path("late/list/", breach_list.breach_list, name="breach-list"),
    path("late/saved/", breach_list.save_filter, name="breach-saved"),
    path("late/saved/<int:key>/remove/", breach_list.remove_filter, name="breach-forget"),
    path("late/missed-dates.csv", breach_list.breach_file, {"form": "csv"}, name="breach-csv"),
    path("late/missed-dates.xlsx", breach_list.breach_file, {"form": "xlsx"}, name="breach-xlsx"),
    path("late/missed-dates.ods", breach_list.breach_file, {"form": "ods"}, name="breach-ods"),
    path("late/without-a-clock/", unclocked.without_clock, name="without-clock"),
    path("working-days/", working_days.working_days, name="working-days"),
    path("working-days/add/", working_days.proclaim, name="proclaim"),
    path("working-days/add/check/", working_days.proclaim_check, name="proclaim-check"),
    path("working-days/<int:key>/withdraw/", working_days.withdraw, name="proclaim-withdraw"),
    path("working-days/rework/", working_days.rework, name="rework"),
    path("working-days/moved/<int:key>/", working_days.moved, name="dates-moved"),
    path("account/", pages.account, name="account"),
    path("account/calendar/", feed.calendar_address, name="account-calendar"),
    path("calendar/<slug:secret>.ics", feed.calendar_feed, name="calendar-feed"),
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
        "cases/<token:token>/late/<slug:duty>/<int:cycle>/",
        breach.breach,
        name="breach",
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
