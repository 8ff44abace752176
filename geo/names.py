"""Names folded so that spellings meet: case, diacritics and apostrophes, then articles, then the consonants alone.

Three keys of growing tolerance: :func:`fold`, :func:`drop_articles`, :func:`skeleton`. Offsets
never pass through them: :func:`tokens` cuts the text first and folds each word by itself.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator

# combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic belong to the word they sit in
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"
_APOSTROPHES = "'’‘ʼʻʿʾ`´′"
WORD = re.compile(rf"[^\W\d_]\.(?:[^\W\d_]{{1,3}}\.)+|\w[\w{_MARKS}]*(?:[{_APOSTROPHES}](?!(?:s|d|t|m|ll|re|ve)\b)[\w{_MARKS}]+)*")

_DROP = dict.fromkeys(map(ord, _APOSTROPHES + ".ʹʺ\u0640"))
_SPACE = dict.fromkeys(map(ord, "-‐‑‒–—_/,;:()[]\"“”«»\u00a0"), " ")
_SPELL = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ə": "e", "ħ": "h", "ŋ": "ng"}
_ARABIC = {"ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ے": "ي"}
_TABLE = str.maketrans(_DROP | {key: value for key, value in _SPACE.items()} | {ord(k): v for k, v in (_SPELL | _ARABIC).items()})

# Arabic's article as it is written before sun and moon letters, and the Kurdish, Spanish and French ones that sources mix with it
ARTICLES = frozenset("al el ul il ad ed an en ar er as es ash esh at et az ez adh edh ath eth l".split())
# ... of which these are also English words or letters: only a hyphen after them makes them an article
UNSURE_ARTICLES = frozenset("an as at ad ed er et en il ul l".split())
# one sound, several letters; longest first (after romanised Arabic, Persian, Russian, Ukrainian, Burmese and Amharic)
_SOUNDS = (
    ("shch", "S"), ("sch", "S"), ("tch", "C"), ("tsh", "C"), ("sh", "S"), ("ch", "S"), ("kh", "K"), ("gh", "G"), ("zh", "J"), ("dj", "J"), ("dh", "d"),
    ("th", "t"), ("ph", "f"), ("ts", "z"), ("tz", "z"), ("ck", "k"), ("ou", ""), ("q", "k"), ("c", "k"), ("x", "ks"), ("w", ""), ("y", ""), ("j", "J"), ("p", "b"),
)  # fmt: skip
_SILENT = str.maketrans("", "", "aeiou ")


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
        sound = word
        for letters, one in _SOUNDS:
            sound = sound.replace(letters, one)
        bare = sound.rstrip("h") or sound
        parts.append(bare.translate(_SILENT))
    whole = "".join(parts)
    return "".join(char for at, char in enumerate(whole) if at == 0 or char != whole[at - 1])



# long vowels and diphthongs that romanisations write in many ways, by one spelling each; before the consonants' sounds
_LONG = (
    ("ou", "u"), ("oo", "u"), ("uw", "u"), ("ee", "i"), ("iy", "i"), ("yi", "i"), ("ij", "i"), ("ei", "ay"), ("ey", "ay"), ("ai", "ay"), ("au", "aw"), ("ow", "aw"),
)  # fmt: skip
# what it costs to read one vowel for another ("" is none), where a consonant for another costs 1: e, i and a are near in romanised
# Arabic, o and u are one letter; tuned by hand on the spellings of the theatre Syria, measured by scripts/bench-places --spellings
_COSTS = {
    "ae": 0.2, "ei": 0.15, "ou": 0.1, "iy": 0.1, "uw": 0.1, "ai": 0.5, "ao": 0.4, "au": 0.6, "eo": 0.6, "eu": 0.7, "iu": 0.8, "io": 0.8, "ey": 0.3, "ow": 0.2,
    "ay": 0.5, "aw": 0.5, "a": 0.45, "e": 0.35, "i": 0.45, "o": 0.45, "u": 0.45, "y": 0.3, "w": 0.3, "h": 0.3, " ": 0.15,
}  # fmt: skip


def likeness(one: str, other: str) -> float:
    """Say how like two folded names sound, from 0 to 1: edits of the romanised sounds, vowels cheaper than consonants.

    Examples
    --------
    >>> likeness("deir ez zor", "dayr az zawr") > likeness("sarmin", "sarmaniya")
    True
    >>> likeness("saraqib", "saraqib")
    1.0
    """
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


@functools.lru_cache(maxsize=65536)
def _sound(folded: str) -> str:
    words = []
    for word in drop_articles(folded).split():
        sound = word
        for letters, one in (*_LONG, *(pair for pair in _SOUNDS if pair[0] not in {"ou", "w", "y"})):
            sound = sound.replace(letters, one)
        words.append(sound.rstrip("h") or sound)
    return re.sub(r"(.)\1+", r"\1", " ".join(words))


def shortened(name: str) -> list[str]:
    """Give a name with each one letter left out: two names a slip apart share one of these, or one is the other's.

    Examples
    --------
    >>> shortened("hama")
    ['ama', 'hma', 'haa', 'ham']
    """
    return [name[:at] + name[at + 1 :] for at in range(len(name))]
