"""How Django itself draws a form when a template writes ``{{ form }}`` or a field group."""

from typing import Any

from django.forms.renderers import Jinja2
from django.template.loader import get_template


class GovukRenderer(Jinja2):
    """Forms and fields drawn by the project's templates, through the GOV.UK macros."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def get_template(self, template_name: str) -> Any:
        """The project's template; the widgets of packages' fields keep Django's own."""
        if template_name.startswith("django/"):
            return super().get_template(template_name)
        return get_template(template_name)
