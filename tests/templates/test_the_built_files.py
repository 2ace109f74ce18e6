"""What `npm run build` makes: no brand that is not ours, nothing missing, fit to be served."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

BUILT = Path(settings.BASE_DIR) / "static" / "built"
MANIFEST = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.fixture
def css() -> str:
    sheet = BUILT / "app.css"
    assert sheet.exists(), "The style sheet is not built: npm ci && npm run build"
    return sheet.read_text()


@pytest.mark.parametrize("brand", ["GDS Transport", "crown", "crest", "tudor", "gov.uk/assets"])
def test_the_style_sheet_holds_no_brand_of_the_government(css: str, brand: str) -> None:
    assert brand.casefold() not in css.casefold()


def test_every_address_in_the_style_sheet_leads_to_a_file(css: str) -> None:
    for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", css):
        assert address.startswith("data:") or (BUILT / address).exists(), address


def test_every_class_of_our_own_in_a_template_has_a_style(css: str) -> None:
    used: set[str] = set()
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        used.update(re.findall(r"\bapp-[a-z0-9_-]+", template.read_text()))
    # These only name a part; what they hold carries the style.
    names = {"app-header__person", "app-header__organisation"}
    missing = {name for name in used - names if f".{name}" not in css}
    assert not missing


def test_the_script_imports_only_files_that_are_there() -> None:
    script = (BUILT / "app.js").read_text()
    imported = re.findall(r"from '([^']+)'", script)
    assert imported
    assert all((BUILT / name).exists() for name in imported)


def test_the_files_can_be_collected_under_names_that_change_with_them(tmp_path: Path) -> None:
    with override_settings(STORAGES=MANIFEST, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        served = staticfiles_storage.url("built/app.css")
    assert re.search(r"/built/app\.[0-9a-f]{12}\.css$", served)
    assert (tmp_path / "built" / Path(served).name).exists()


def test_only_what_was_built_is_served(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    own = [path for path in tmp_path.rglob("*") if "allauth" not in str(path) and path.is_file()]
    assert not [path for path in own if path.suffix in {".scss", ".mjs", ".map"}]
