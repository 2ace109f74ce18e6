"""What holds for every template: strict names, escaping, and the words for dates."""

from datetime import UTC, date, datetime

import jinja2
import pytest

from tests.templates.gallery import environment


def drawn(source: str, **context: object) -> str:
    return environment().from_string(source).render(**context)


@pytest.mark.parametrize(
    "source", ["{{ refrence }}", "{{ case.refrence }}", "{% if typo %}{% endif %}"]
)
def test_a_misspelt_name_fails(source: str) -> None:
    with pytest.raises(jinja2.UndefinedError):
        drawn(source, case={"reference": "SIN"})


def test_a_misspelt_name_given_to_the_kit_fails_too() -> None:
    macro = '{% from "govuk_frontend_jinja/components/tag/macro.html" import govukTag %}'
    with pytest.raises(jinja2.UndefinedError):
        drawn(macro + "{{ govukTag({'text': staus}) }}")


def test_the_kit_may_leave_out_what_it_likes() -> None:
    macro = '{% from "govuk_frontend_jinja/components/tag/macro.html" import govukTag %}'
    assert "Sent" in drawn(macro + "{{ govukTag({'text': 'Sent'}) }}")


def test_nothing_is_printed_for_none() -> None:
    assert drawn("[{{ value }}]", value=None) == "[]"


def test_pages_are_escaped_and_texts_are_not(tmp_path: object) -> None:
    env = environment()
    loader = jinja2.DictLoader({"page.html": "{{ text }}", "mail.txt": "{{ text }}"})
    own = type(env)(loader=loader, autoescape=env.autoescape)
    text = "O'Neill & <b>"
    assert own.get_template("page.html").render(text=text) == "O&#39;Neill &amp; &lt;b&gt;"
    assert own.get_template("mail.txt").render(text=text) == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ date(day) }}", "11 December 2026"),
        ("{{ weekday_date(day) }}", "Friday 11 December 2026"),
        ("{{ moment(at) }}", "5 June 2026 at 12:32am"),
        ("{{ date(at) }}", "5 June 2026"),
        ("{{ weekday_date(at) }}", "Friday 5 June 2026"),
        ("{{ date(none) }}{{ weekday_date(none) }}{{ moment(none) }}", ""),
        ("{{ day | weekday_date }}", "Friday 11 December 2026"),
        ("{{ plural(1, 'child', 'children') }}", "1 child"),
        ("{{ plural(0, 'child', 'children') }}", "0 children"),
        ("{{ plural(1000, 'day') }}", "1,000 days"),
        ("{{ duty('notify-the-panel').title }}", "Notify the Panel"),
        ("{{ 'a.b@c-d.example' | breakable }}", "a<wbr>.b@<wbr>c-d<wbr>.example"),
        ("{{ 'No. 1 <b> @ 9.30am' | breakable }}", "No. 1 &lt;b&gt; @ 9.30am"),
        ("{{ none | breakable }}", ""),
        ("{{ url('account_login') }}", "/account/login/"),
    ],
)
def test_words_for_dates_counts_duties_and_addresses(source: str, expected: str) -> None:
    # The instant is late in the evening in UTC, and already the next day in London.
    context = {"day": date(2026, 12, 11), "at": datetime(2026, 6, 4, 23, 32, tzinfo=UTC)}
    assert drawn(source, **context) == expected
