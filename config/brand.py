"""The operator's colour, as a style sheet of one line: no page holds a style of its own."""

import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

# WCAG 2.2, 1.4.3: white text on the colour must be readable.
LEAST_CONTRAST = 4.5


def colour() -> str:
    """BRAND_COLOUR; raises ImproperlyConfigured when white text could not be read on it."""
    chosen: str = settings.BRAND_COLOUR
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", chosen):
        raise ImproperlyConfigured("BRAND_COLOUR must be six hexadecimal digits, like #1d4f91.")
    if contrast_with_white(chosen) < LEAST_CONTRAST:
        raise ImproperlyConfigured("BRAND_COLOUR is too light for the white text on it.")
    return chosen


def contrast_with_white(chosen: str) -> float:
    """The contrast ratio of WCAG 2.2 between white and a colour like "#1d4f91"."""
    red, green, blue = (_linear(int(chosen[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def href() -> str:
    """The style sheet's address, which changes with the colour."""
    return f"{reverse('brand')}?{colour().removeprefix('#')}"


@cache_control(public=True, max_age=86_400)
def stylesheet(request: HttpRequest) -> HttpResponse:
    """Set the colour for the whole page."""
    rule = f":root {{ --app-brand-colour: {colour()}; }}\n"
    return HttpResponse(rule, content_type="text/css; charset=utf-8")


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
