"""The report a response room reads: a picture as a page, as data, and as tables.

Only a `Picture` comes in, so nothing that suppression has hidden can come out.
"""

from chorus.report.document import VERSION, document, schema
from chorus.report.guard import UnsafePictureError
from chorus.report.page import page
from chorus.report.wording import LANGUAGES, LanguageError
from chorus.report.writing import FORMATS, ReportError, write_report

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "VERSION",
    "LanguageError",
    "ReportError",
    "UnsafePictureError",
    "document",
    "page",
    "schema",
    "write_report",
]
