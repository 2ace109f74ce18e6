"""The environment in which every page and every text of a message is drawn."""

import re
from collections.abc import Callable, MutableMapping
from datetime import date, datetime
from typing import Any

import jinja2
from django.conf import settings
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.urls import reverse
from markupsafe import Markup, escape

from config import brand
from workflow import clock
from workflow.forms.rendering import Drawing, drawing, error_list
from workflow.forms.times import LONDON, london_words, short_time
from workflow.forms.words import within_a_sentence
from workflow.law import duties
from workflow.law.words import long_date, short_date
from workflow.signing_in import bound

KIT = "govuk_frontend_jinja/"
# Only where a word begins: from each of its letters, a long one without the sign is read anew.
_ADDRESS = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]+")
# Where a block after the input goes differs from macro to macro.
_AFTER = {"date-input": "afterInputs"}


class Pages(jinja2.Environment):
    """Pages fail on a misspelt name; the kit's own macros rely on absent parameters.

    So the macros are compiled in a second environment that forgives them.
    """

    def __init__(self, **options: Any) -> None:
        pages = options.pop("loader")
        options.update(finalize=nothing_for_none, trim_blocks=True, lstrip_blocks=True)
        kit = {**options, "undefined": jinja2.Undefined}
        package = jinja2.PackageLoader("govuk_frontend_jinja")
        prefixed = jinja2.PrefixLoader({KIT.rstrip("/"): package})
        self.kit = jinja2.Environment(loader=prefixed, **kit)  # noqa: S701
        super().__init__(loader=pages, **{**kit, "undefined": jinja2.StrictUndefined})

    def get_template(
        self,
        name: "str | jinja2.Template",
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own parameter
    ) -> jinja2.Template:
        """The template of that name; the kit's macros come from their own environment."""
        if isinstance(name, str) and name.startswith(KIT):
            return self.kit.get_template(name)
        return super().get_template(name, parent, globals)

    def macro(self, component: str) -> Callable[[dict[str, Any]], Markup]:
        """The kit's macro that draws ``component`` ("date-input")."""
        words = "".join(word.capitalize() for word in component.split("-"))
        module = self.kit.get_template(f"{KIT}components/{component}/macro.html").module
        found: Callable[[dict[str, Any]], Markup] = getattr(module, f"govuk{words}")
        return found

    def form_field(
        self, bound: BoundField, *, heading: bool | None = None, label: str = ""
    ) -> Markup:
        """A question with its hint, its error and what was typed."""
        drawn = drawing(bound, heading=heading, label=label)
        if drawn.macro == "hidden":
            hidden = Markup('<input type="hidden" name="{name}" value="{value}">')
            return hidden.format(**drawn.params)
        return self.macro(drawn.macro)(self._with_not_known(drawn))

    def _with_not_known(self, drawn: Drawing) -> dict[str, Any]:
        if drawn.not_known is None:
            return drawn.params
        after = _AFTER.get(drawn.macro, "afterInput")
        box = {"html": self.macro("checkboxes")(drawn.not_known)}
        stack = {"classes": "app-stacked"}
        return {**drawn.params, "formGroup": {after: box}, "inputWrapper": stack}

    def error_summary(self, *forms: BaseForm) -> Markup:
        """What is wrong with the page, each line leading to its question; "" when nothing is."""
        items = error_list(*forms)
        if not items:
            return Markup()
        return self.macro("error-summary")({"titleText": "There is a problem", "errorList": items})


def environment(**options: Any) -> Pages:
    """The environment for Django's Jinja2 engine."""
    options.update(autoescape=escapes, undefined=jinja2.StrictUndefined)
    pages = Pages(**options)
    pages.globals.update(
        static=static,
        url=url,
        duty=duties.by_slug,
        plural=plural,
        form_field=pages.form_field,
        error_summary=pages.error_summary,
        date=date_words,
        weekday_date=weekday_date,
        time=short_time,
        moment=moment,
        service_name=settings.SERVICE_NAME,
        operator_name=settings.OPERATOR_NAME,
        support_email=settings.SUPPORT_EMAIL,
        official_service=settings.OFFICIAL_SERVICE,
        brand_colour=settings.BRAND_COLOUR,
        brand_href=brand.href,
        session_idle_minutes=settings.SESSION_IDLE_MINUTES,
        today=clock.today,
        this_moment=clock.now,
        sign_in_providers=bound.providers,
    )
    pages.filters.update(
        date=date_words,
        weekday_date=weekday_date,
        moment=moment,
        within=within_a_sentence,
        breakable=breakable,
    )
    return pages


def escapes(name: str | None) -> bool:
    """Whether a template's values are escaped: all but texts, which no browser reads."""
    return name is None or not name.endswith(".txt")


def nothing_for_none(value: Any) -> Any:
    """What is printed for a value: nothing for None."""
    return "" if value is None else value


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a routed page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def breakable(text: Any) -> Markup:
    """The text, in which an email address that is too long breaks at its own signs; "" for None.

    Copied from the page it is the same text.
    """

    def opened(found: re.Match[str]) -> str:
        return found[0].replace("@", "@<wbr>").replace(".", "<wbr>.")

    return Markup(_ADDRESS.sub(opened, str(escape(nothing_for_none(text)))))  # noqa: S704 - escaped before


def date_words(value: date | None) -> str:
    """The date as "22 November 2026", an instant by its London date; "" for None."""
    return short_date(_london(value)) if value else ""


def weekday_date(value: date | None) -> str:
    """The date as "Friday 11 December 2026"; "" for None."""
    return long_date(_london(value)) if value else ""


def moment(value: datetime | None) -> str:
    """The instant as "4 June 2026 at 9:32am" in London; "" for None."""
    return london_words(value) if value else ""


def plural(count: int, one: str, many: str = "") -> str:
    """The count with its noun: "1 child", "2 children", "1,000 days"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _london(value: date) -> date:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value
