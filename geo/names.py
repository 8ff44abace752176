"""Names folded so that spellings meet: case, diacritics and apostrophes, then articles, then the consonants alone.

Three keys of growing tolerance: :func:`fold`, :func:`drop_articles`, :func:`skeleton`. Offsets
never pass through them: :func:`tokens` cuts the text first and folds each word by itself.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator

from geo.resources import data_path

_SOUNDS = tomllib.loads(data_path("places", "sounds.toml").read_text(encoding="utf-8"))
ARTICLES: frozenset[str] = frozenset(_SOUNDS["articles"])
UNSURE_ARTICLES: frozenset[str] = frozenset(_SOUNDS["unsure_articles"])
_CONSONANTS: tuple[tuple[str, str], ...] = tuple((letters, one) for letters, one in _SOUNDS["consonants"])
_SPOKEN: tuple[tuple[str, str], ...] = (
    *((letters, one) for letters, one in _SOUNDS["vowels"]),
    *((letters, one) for letters, one in _CONSONANTS if one),
)
_COSTS: dict[str, float] = _SOUNDS["costs"]

# combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic belong to the word they sit in
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"
_APOSTROPHES = "'’‘ʼʻʿʾ`´′"
# "U.S.", "W.Va."; else letters and digits, an apostrophe among them, but not that of "Aleppo's" or "they'll"
WORD = re.compile(rf"[^\W\d_]\.(?:[^\W\d_]{{1,3}}\.)+|\w[\w{_MARKS}]*(?:[{_APOSTROPHES}](?!(?:s|d|t|m|ll|re|ve)\b)[\w{_MARKS}]+)*")

_DROPPED = _APOSTROPHES + ".ʹʺ\u0640"
_SPACES = '-‐‑‒–—_/,;:()[]"“”«»\u00a0'
_SPELT = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ə": "e", "ħ": "h", "ŋ": "ng"}
_ARABIC = {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ے": "ي"}
_TABLE = str.maketrans(dict.fromkeys(_DROPPED, "") | dict.fromkeys(_SPACES, " ") | _SPELT | _ARABIC)
HALF = 5  # letters; names are compared by halves from twice as many on
_NO_VOWELS = str.maketrans("", "", "aeiou ")


@functools.lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """Fold case, diacritics, apostrophes and hyphens away; words are parted by one space.

    Examples
    --------
    >>> fold("Ma`arrat an-Nu'mān")
    'maarrat an numan'
    >>> fold("N’Djamena"), fold("Łódź"), fold("U.S.")
    ('ndjamena', 'lodz', 'us')
    >>> fold("حَلَب") == fold("حلب")
    True
    """
    if name.isascii():
        return " ".join(name.lower().translate(_TABLE).split())
    apart = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char)).translate(_TABLE)
    return " ".join(unicodedata.normalize("NFC", plain).casefold().split())


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each word of a text, folded, with its span in the text as it was written.

    Examples
    --------
    >>> list(tokens("Aleppo's Sha’ar"))
    [('aleppo', 0, 6), ('s', 7, 8), ('shaar', 9, 15)]
    """
    for match in WORD.finditer(text):
        yield fold(match[0]), match.start(), match.end()


def drop_articles(folded: str) -> str:
    """Drop the articles of a folded name, unless nothing else would remain.

    Examples
    --------
    >>> drop_articles("maarrat an numan"), drop_articles("al bab")
    ('maarrat numan', 'bab')
    """
    kept = [word for word in folded.split() if word not in ARTICLES]
    return " ".join(kept) if kept else folded


@functools.lru_cache(maxsize=65536)
def skeleton(folded: str) -> str:
    """Give the consonants of a folded name by sound, articles dropped, doubles written once.

    Examples
    --------
    >>> skeleton("maarrat an numan") == skeleton("maarat al numan") == skeleton("maaret el nouman")
    True
    >>> skeleton("deir ez zor"), skeleton("dayr az zawr")
    ('drzr', 'drzr')
    """
    parts = []
    for word in drop_articles(folded).split():
        sound = _replaced(word, _CONSONANTS)
        parts.append((sound.rstrip("h") or sound).translate(_NO_VOWELS))
    return _undoubled("".join(parts))


@functools.lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """Say how like two folded names sound, from 0 to 1: edits of the romanised sounds, vowels cheaper than consonants.

    Examples
    --------
    >>> likeness("deir ez zor", "dayr az zawr") > likeness("sarmin", "sarmaniya")
    True
    >>> likeness("saraqib", "saraqib")
    1.0
    >>> likeness("brigade 112", "brigade 12")  # another number is another place
    0.0
    """
    if _digits(one) != _digits(other):
        return 0.0
    left, right = _sound(one), _sound(other)
    row = [0.0]
    for char in right:
        row.append(row[-1] + _COSTS.get(char, 1.0))
    for char in left:
        above, row = row, [row[0] + _COSTS.get(char, 1.0)]
        for at, opposite in enumerate(right):
            swap = 0.0 if char == opposite else _COSTS.get(char + opposite) or _COSTS.get(opposite + char, 1.0)
            row.append(min(above[at] + swap, above[at + 1] + _COSTS.get(char, 1.0), row[at] + _COSTS.get(opposite, 1.0)))
    return round(max(0.0, 1 - row[-1] / max(3.0, (len(left) + len(right)) / 2)), 3)


def halves(name: str) -> tuple[str, str]:
    """Give the first and the last letters of a name, marked as such: one slip of the pen leaves one of the two as it was.

    Examples
    --------
    >>> halves("dzerzhynsk")
    ('dzerz<', '>hynsk')
    """
    size = HALF if len(name) >= 2 * HALF else len(name) // 2
    return f"{name[:size]}<", f">{name[-size:] if size else ''}"


@functools.lru_cache(maxsize=65536)
def _sound(folded: str) -> str:
    words = (_replaced(word, _SPOKEN) for word in drop_articles(folded).split())
    return _undoubled(" ".join(word.rstrip("h") or word for word in words))


def _replaced(word: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for letters, one in pairs:
        word = word.replace(letters, one)
    return word


def _digits(folded: str) -> str:
    return "".join(char for char in folded if char.isdigit())


def _undoubled(text: str) -> str:
    return re.sub(r"(\D)\1+", r"\1", text)
