"""The faults that a user can mend, each with a message that says how."""

from collections.abc import Sequence


class ControlmapError(Exception):
    """A fault in what the user gave; the command line prints it and exits with 1."""


class ReportError(ControlmapError):
    """A report that cannot be read: no date, not text, a record without its fields."""


class TheatreError(ControlmapError):
    """A theatre that cannot be used; ``faults`` lists every one that was found.

    Parameters
    ----------
    theatre
        The theatre's name or folder, as the user wrote it.
    faults
        One line for each fault: file, row or key, what is wrong, what to do.
    """

    def __init__(self, theatre: str, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        many = f"{len(self.faults)} faults" if len(self.faults) > 1 else "1 fault"
        super().__init__("\n  ".join([f"theatre {theatre!r} has {many}:", *self.faults]))


class GazetteerError(ControlmapError):
    """A gazetteer that cannot be built, read or imported into."""
