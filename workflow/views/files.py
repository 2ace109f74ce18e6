"""A table as the answer that takes it away."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from workflow.board import sheets
from workflow.views.access import Moment

FILES = {"csv": "CSV", "xlsx": "XLSX (Excel)", "ods": "ODS (LibreOffice)"}


def as_file(
    name: str, form: str, table: sheets.Table, *, now: Moment, compares: bool
) -> HttpResponseBase:
    """The table as a file of this form, named with the day. TooManyRows when it does not fit."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-{now.on.isoformat()}.{form}"'}
    if form == "csv":
        note = sheets.NOT_A_MEASURE if compares else ""
        lines = sheets.as_csv(table.rows, head=table.head, note=note)
        return StreamingHttpResponse(lines, content_type=sheets.CSV, headers=headers)
    kind, make = (sheets.XLSX, sheets.as_xlsx) if form == "xlsx" else (sheets.ODS, sheets.as_ods)
    with make(table) as made:
        return HttpResponse(made.read(), content_type=kind, headers=headers)
