"""Laboratory grading by NCI CTCAE: tables as data, and the grade of a result as a set.

``read_table`` reads a table, ``grade`` grades a sample by it, ``sample_of_row`` reads a line of a
file.  Nothing is evaluated but the small language of ``signals.study.ctcae.expression``.
"""

from signals.study.ctcae.derived import corrected_calcium
from signals.study.ctcae.grade import (
    Graded,
    Grading,
    Quantity,
    Refused,
    Sample,
    Scale,
    grade,
    scale_of,
)
from signals.study.ctcae.interval import Interval
from signals.study.ctcae.table import GradingTable, Term
from signals.study.ctcae.table_file import read_table, shipped_table, table_file

__all__ = [
    "Graded",
    "Grading",
    "GradingTable",
    "Interval",
    "Quantity",
    "Refused",
    "Sample",
    "Scale",
    "Term",
    "corrected_calcium",
    "grade",
    "read_table",
    "scale_of",
    "shipped_table",
    "table_file",
]
