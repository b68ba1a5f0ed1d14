"""Read a study in SDTM (SAS transport version 5, or CSV) into events.

`read_study` reads a folder, `Import` gives its events and the row-level report, `read_map` reads
what a study does otherwise than the standard words say.
"""

from signals.exchange.sdtm.importer import Import
from signals.exchange.sdtm.read_map import MapError, parse_map, read_map
from signals.exchange.sdtm.report import Finding, What, counts, write_report
from signals.exchange.sdtm.study import Study, read_study
from signals.exchange.sdtm.study_map import StudyMap
from signals.exchange.sdtm.tables import UnreadableStudyError

__all__ = [
    "Finding",
    "Import",
    "MapError",
    "Study",
    "StudyMap",
    "UnreadableStudyError",
    "What",
    "counts",
    "parse_map",
    "read_map",
    "read_study",
    "write_report",
]
