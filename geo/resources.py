"""Where the data that ships lies: inside an installed wheel, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def data_path(*parts: str) -> Path:
    """Give the path of a file or folder under ``data/``.

    Examples
    --------
    >>> data_path("theatres").is_dir()
    True
    """
    return _folder("data").joinpath(*parts)


def seeds_path() -> Path:
    """Give the folder of the example reports.

    Examples
    --------
    >>> seeds_path().name
    'seeds'
    """
    return _folder("seeds")
