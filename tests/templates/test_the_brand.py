"""The operator's colour is a style sheet of one line, and must be readable."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from pytest_django import Settings

from config import brand


def test_the_colour_is_served_as_a_style_sheet(settings: Settings, rf: RequestFactory) -> None:
    settings.BRAND_COLOUR = "#123456"
    response = brand.stylesheet(rf.get(brand.href()))
    assert response.content == b":root { --app-brand-colour: #123456; }\n"
    assert response.headers["Content-Type"].startswith("text/css")
    assert brand.href() == "/brand.css?123456"


@pytest.mark.parametrize("colour", ["blue", "#fff", "#1d4f91; } body { display: none", "#ffffff"])
def test_a_colour_that_is_none_or_too_light_is_refused(settings: Settings, colour: str) -> None:
    settings.BRAND_COLOUR = colour
    with pytest.raises(ImproperlyConfigured, match="BRAND_COLOUR"):
        brand.colour()


def test_contrast_is_that_of_the_guidelines() -> None:
    assert brand.contrast_with_white("#000000") == pytest.approx(21)
    assert brand.contrast_with_white("#ffffff") == pytest.approx(1)
    assert brand.contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
