"""What every reader is: a report and its places in, events out."""

from collections.abc import Sequence
from typing import Protocol

from geo.records import Event, Report, Toponym


class Reader(Protocol):
    """Reads reports of one theatre; rules and model share this interface."""

    def read(self, report: Report, toponyms: Sequence[Toponym]) -> list[Event]:
        """Give the events of a report in text order; ``toponyms`` are its resolved places, from the gazetteer or by hand."""
        ...
