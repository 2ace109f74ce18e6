"""The question for one file. A browser never shows a chosen file again, so each error says so."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from workflow.forms.fields import GovukField


class FileWidget(forms.Widget):
    """Takes the file of its name; the macros draw it."""

    needs_multipart_form = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The file that was sent, None without one."""
        return files.get(name) if files else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether none was sent."""
        return not files or name not in files


class FileField(GovukField):
    """One file of at most so many megabytes. Cleaned: the uploaded file."""

    verb: ClassVar[str] = "Choose"

    def __init__(self, label: str, *, megabytes: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.widget = FileWidget()
        self.megabytes = megabytes

    def clean(self, value: Any) -> "UploadedFile[Any] | None":
        """The file, when there is one that is neither empty nor too large."""
        if not isinstance(value, UploadedFile):
            if self.required:
                raise ValidationError(self.missing_message(), code="missing")
            return None
        if not value.size:
            raise ValidationError("The selected file is empty. Choose another", code="empty")
        if value.size > self.megabytes * 1024 * 1024:
            raise ValidationError(
                f"The selected file must be {self.megabytes} MB or smaller. Choose another",
                code="large",
            )
        return value
