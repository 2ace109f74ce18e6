"""How dates and counts are written, in English whatever the machine's locale."""

import datetime as dt

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def short_date(day: dt.date) -> str:
    """The day as "18 December 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: dt.date) -> str:
    """The day as "Friday 18 December 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"


def month_words(day: dt.date) -> str:
    """The month of the day as "December 2026"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def nth_time(title: str, number: int) -> str:
    """What arose more than once, and which of them this is: "Notify the Panel, second time"."""
    if number > len(NTH):
        return f"{title}, number {number}"
    return f"{title}, {NTH[number - 1]} time"


def counted(number: int, thing: str) -> str:
    """The number and its noun: "1 working day", "2 working days"; the sign is dropped."""
    size = abs(number)
    return f"{size} {thing}" if size == 1 else f"{size} {thing}s"
