"""The chart of the board: one bar a month, in time and late, drawn without script."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflow.board.tally import Tally
from workflow.law.words import counted, month_words

ROW, BAR = 52, 20


@dataclass(frozen=True)
class Bar:
    """One row: its words, and its two parts in hundredths of the longest row."""

    label: str
    on_time: int
    late: int
    on_time_width: str
    late_width: str
    words_at: int
    bar_at: int


@dataclass(frozen=True)
class Chart:
    """The bars, the height of the drawing in pixels, and what it says in a sentence."""

    bars: list[Bar]
    height: int
    message: str
    bar_height: int = BAR


def chart(months: Iterable[date], by_month: dict[date, Tally]) -> Chart:
    """The chart of these months in their order, those without anything among them."""
    rows = [(month, by_month.get(month, Tally())) for month in months]
    longest = max((tally.decided for _, tally in rows), default=0) or 1
    bars = [
        Bar(
            label=month_words(month),
            on_time=tally.on_time,
            late=tally.late,
            on_time_width=_share(tally.on_time, longest),
            late_width=_share(tally.late, longest),
            words_at=ROW * number + 18,
            bar_at=ROW * number + 26,
        )
        for number, (month, tally) in enumerate(rows)
    ]
    return Chart(bars, ROW * len(bars), _message(bars))


def _share(part: int, longest: int) -> str:
    return f"{100 * part / longest:.2f}%"


def _message(bars: list[Bar]) -> str:
    on_time, late = sum(bar.on_time for bar in bars), sum(bar.late for bar in bars)
    if not on_time + late:
        return "Nothing was due in this period."
    worst = max(bars, key=lambda bar: bar.late)
    words = f"{counted(on_time, 'date')} met in time and {late:,} late"
    return f"{words}; most were late in {worst.label}: {worst.late:,}." if late else f"{words}."
