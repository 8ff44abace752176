"""The interface's words in one language, with its dates and numbers; from ``data/publish/<lang>.toml``."""

import datetime as dt
import functools
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from geo.errors import ControlmapError
from geo.resources import data_path

FALLBACK = "en"


class Words(Mapping[str, str]):
    """Words by key, with the date and number forms of the language.

    Examples
    --------
    >>> words = load_words("en")
    >>> words.date(dt.date(2024, 12, 1)), words.number(185180.4)
    ('1 December 2024', '185,180')
    >>> words.fill("held_by", actor="HTS")
    'Held by HTS'
    """

    def __init__(self, lang: str, table: Mapping[str, Any]) -> None:
        self.lang = lang
        self.direction: str = table["direction"]
        self._table = table

    def __getitem__(self, key: str) -> str:
        return str(self._table[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def fill(self, key: str, **values: object) -> str:
        """Give the words of a key with its gaps filled in."""
        return self[key].format(**values)

    def date(self, day: dt.date) -> str:
        """Write a date in full."""
        return self.fill("date", day=day.day, month=self._table["months"][day.month - 1], year=day.year)

    def date_short(self, day: dt.date) -> str:
        """Write a date without its year."""
        return self.fill("date_short", day=day.day, month=self._table["months_short"][day.month - 1])

    def number(self, value: float, *, digits: int = 0, signed: bool = False) -> str:
        """Write a number with the language's separators; ``signed`` sets a plus or a true minus before it."""
        text = f"{abs(value):,.{digits}f}".replace(",", "\0").replace(".", self["decimal"]).replace("\0", self["thousands"])
        if round(value, digits) == 0:
            return text
        return f"{'−' if value < 0 else '+' if signed else ''}{text}"


@functools.cache
def load_words(lang: str) -> Words:
    """Load a language's words; those that it lacks are English.

    Raises
    ------
    ControlmapError
        Where no file of that language ships.
    """
    path = data_path("publish", f"{lang}.toml")
    if lang not in languages():
        raise ControlmapError(f"no interface words for language {lang!r}; there are: {', '.join(languages())}")
    fallback = tomllib.loads(data_path("publish", f"{FALLBACK}.toml").read_text(encoding="utf-8"))
    return Words(lang, {**fallback, **tomllib.loads(path.read_text(encoding="utf-8"))})


def languages() -> list[str]:
    """Name the languages that ship.

    Examples
    --------
    >>> languages()
    ['ar', 'en', 'fr', 'uk']
    """
    return sorted(path.stem for path in data_path("publish").glob("*.toml"))
