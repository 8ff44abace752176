"""Reports of an armed conflict in, dated control maps out, every polygon traced to its sentence."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.control.history import areas_on, control_on
    from geo.pipeline import build, extract, find_toponyms, geocode_name, make_history
    from geo.reports import read_reports
    from geo.theatre import load_theatre, load_world

__version__ = "0.1.0"

# loaded when first asked for, so that `import geo` and the command's help start at once
_HOMES = {
    "areas_on": "geo.control.history",
    "build": "geo.pipeline",
    "control_on": "geo.control.history",
    "extract": "geo.pipeline",
    "find_toponyms": "geo.pipeline",
    "geocode_name": "geo.pipeline",
    "load_theatre": "geo.theatre",
    "load_world": "geo.theatre",
    "make_history": "geo.pipeline",
    "read_reports": "geo.reports",
}
__all__ = [
    "areas_on",
    "build",
    "control_on",
    "extract",
    "find_toponyms",
    "geocode_name",
    "load_theatre",
    "load_world",
    "make_history",
    "read_reports",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's attribute is anything
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geo' has no attribute {name!r}")
