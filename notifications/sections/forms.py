"""Forms of pages: questions with answers from code lists, that may look at the whole document."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from notifications.sections.lists import Lists
from workflow.forms import CheckboxesField, Choice, GovukForm, RadiosField, SelectField
from workflow.forms.typed import NOT_KNOWN_VALUE, as_lists

if TYPE_CHECKING:
    from notifications.sections.paper import Paper


class ListRadios(RadiosField):
    """Select one of the code list `of`."""

    def __init__(self, label: str, *, of: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.of = of


class ListCheckboxes(CheckboxesField):
    """Select any of the code list `of`."""

    def __init__(self, label: str, *, of: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.of = of


class ListSelect(SelectField):
    """Select one of the long code list `of`."""

    def __init__(self, label: str, *, of: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.of = of


class PageForm(GovukForm):
    """The questions of one page.

    `paper` is the document they belong to and `item` the child or adult asked about ("" where
    there is one). Without `lists` every code is taken as it was chosen: it was checked when it
    was saved, and a code withdrawn since does not hold up what was answered with it.
    """

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        paper: "Paper | None" = None,
        item: str = "",
        lists: Lists | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(typed, **kwargs)
        self.paper = paper
        self.item = item
        self.lists = lists
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, ListRadios | ListCheckboxes | ListSelect):
                field.choices = self._offered(name, field)

    def prepare(self) -> None:
        """For forms whose questions depend on other answers: change `self.fields` here."""

    def is_complete(self) -> bool:
        """Whether the page is done; a page of long text also asks whether it is finished."""
        return self.is_valid() and self.cleaned.get("finished") is not False

    def before(self, earlier: str, later: str, message: str) -> None:
        """For `clean`: refuses `later` when both dates are good and it lies before `earlier`."""
        first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
        if first and second and second < first:
            self.add_error(later, ValidationError(message, code="refused", params={"part": "day"}))

    def one_of_both(self, name: str, other: str, message: str) -> None:
        """For `clean`: refuses `name` when it and `other` were both left empty."""
        values = (self.cleaned_data.get(name), self.cleaned_data.get(other))
        if not any(values) and not {name, other} & set(self.errors):
            self.refuse(name, message)

    def chosen(self, name: str) -> list[str]:
        """The codes selected in a question, "Not known yet" left out."""
        typed = as_lists(self.data).getlist(name) if self.is_bound else []
        return [value for value in typed if value and value != NOT_KNOWN_VALUE]

    def _offered(self, name: str, field: Any) -> list[Choice | tuple[str, str]]:
        if self.lists is not None:
            return [*self.lists.choices(field.of)]
        none = CheckboxesField.NONE if getattr(field, "none", "") else ""
        return [Choice(value, value) for value in self.chosen(name) if value != none]
