"""Forms of pages: questions with answers from code lists, that may look at the whole document."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError

from notifications.sections.lists import Lists
from workflow.forms import CheckboxesField, Choice, GovukForm, RadiosField, SelectField
from workflow.forms.form import Row
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

    `only_if` names the questions that another answer of the page may leave without an object, as
    {name: (the other question, the answers after which it is asked)}.
    """

    only_if: ClassVar[Mapping[str, tuple[str, tuple[Any, ...]]]] = {}

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

    def is_begun(self) -> bool:
        """Whether anything at all was answered; "Not known yet" is an answer."""
        return any(text.strip() for texts in self.typed().values() for text in texts)

    def is_complete(self) -> bool:
        """Whether the page is done; a page of long text also asks whether it is finished."""
        return self.is_valid() and self.cleaned.get("finished") is not False

    def idle(self) -> set[str]:
        """The questions that do not apply, as another answer of the page stands."""
        return {
            name
            for name, (other, answers) in self.only_if.items()
            if self.cleaned.get(other) not in answers
        }

    def not_known(self) -> list[str]:
        """Names of the questions that apply and are answered "Not known yet"."""
        return [name for name in super().not_known() if name not in self.idle()]

    def asked_rows(self) -> list[Row]:
        """The rows without those of questions that do not apply and were not answered."""
        idle = self.idle()
        return [row for row in self.rows() if row.name not in idle or row.gap in ("", "wrong")]

    def at_odds(self) -> list[tuple[Row, Row]]:
        """Each answer to a question that does not apply, with the answer that says so."""
        rows = {row.name: row for row in self.rows()}
        found = [(rows[name], rows[self.only_if[name][0]]) for name in sorted(self.idle())]
        return [
            (row, other) for row, other in found if not row.gap and other.gap in ("", "not known")
        ]

    def before(self, earlier: str, later: str, message: str) -> None:
        """For `clean`: refuses `later` when both dates are good and it lies before `earlier`."""
        first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
        if first and second and second < first:
            self.add_error(later, ValidationError(message, code="refused", params={"part": "day"}))

    def chosen(self, name: str) -> list[str]:
        """The codes selected in a question, "Not known yet" left out."""
        typed = as_lists(self.data).getlist(name) if self.is_bound else []
        return [value for value in typed if value and value != NOT_KNOWN_VALUE]

    def _offered(self, name: str, field: Any) -> list[Choice | tuple[str, str]]:
        if self.lists is not None:
            return [*self.lists.choices(field.of)]
        none = CheckboxesField.NONE if getattr(field, "none", "") else ""
        return [Choice(value, value) for value in self.chosen(name) if value != none]
