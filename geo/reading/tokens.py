"""Cut a text into words and signs once, so that every word list is looked up by dictionary and none by search.

Hyphens and apostrophes are signs of their own ("HTS-led" is three tokens): a name is found inside a compound. Matching is done
on the folded form: lower case, accents removed, curly quotes straightened. Offsets count characters of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_STRAIGHT = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "ʿ": "'",
    "ʾ": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "‑": "-",
    "‐": "-",
    "−": "-",
}
_MAX_WORD = 60  # longer runs of letters are noise (keys, markup) and are cut short before folding


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens in order: where each starts and ends, and its folded form."""

    text: str
    starts: list[int]
    ends: list[int]
    low: list[str]

    def __len__(self) -> int:
        return len(self.low)

    def glued(self, index: int) -> bool:
        """Tell whether token ``index`` touches the one before it (no space between)."""
        return index > 0 and self.starts[index] == self.ends[index - 1]

    def capital(self, index: int) -> bool:
        """Tell whether token ``index`` starts with a capital letter."""
        return self.text[self.starts[index]].isupper()


def fold(word: str) -> str:
    """Give the form in which a word is compared.

    Examples
    --------
    >>> fold("Türkiye’s")
    "turkiye's"
    """
    if word.isascii():
        return word.lower()
    straight = "".join(_STRAIGHT.get(letter, letter) for letter in word)
    return "".join(c for c in unicodedata.normalize("NFKD", straight) if not unicodedata.combining(c)).lower()


def tokenise(text: str) -> Tokens:
    """Cut a text into words and signs.

    Examples
    --------
    >>> tokenise("HTS-led forces took Saraqib.").low
    ['hts', '-', 'led', 'forces', 'took', 'saraqib', '.']
    """
    starts, ends, low = [], [], []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        starts.append(start)
        ends.append(end)
        low.append(fold(text[start : min(end, start + _MAX_WORD)]))
    return Tokens(text, starts, ends, low)


class PhraseTable:
    """Many phrases looked up at once, the longest first.

    Parameters
    ----------
    entries
        Pairs of a phrase and what it stands for. The same phrase may stand for several things.

    Examples
    --------
    >>> table = PhraseTable([("took control of", "gain"), ("took", "weak")])
    >>> table.find(tokenise("They took control of it").low, 1)
    (4, ('gain',))
    """

    def __init__(self, entries: Iterable[tuple[str, Any]]) -> None:
        self._root: dict[str, Any] = {}
        for phrase, payload in entries:
            words = tokenise(phrase).low
            if not words:
                continue
            node = self._root
            for word in words:
                node = node.setdefault(word, {})
            node[""] = (*node.get("", ()), payload)  # no token is empty, so the empty key marks an end

    def find(self, low: Sequence[str], index: int, limit: int | None = None) -> tuple[int, tuple[Any, ...]] | None:
        """Give the end (token index, exclusive; at most ``limit``) and the payloads of the longest phrase that starts at ``index``."""
        node = self._root.get(low[index])
        best = None
        here, last = index + 1, len(low) if limit is None else limit
        while node is not None:
            if "" in node:
                best = (here, node[""])
            if here >= last:
                break
            node = node.get(low[here])
            here += 1
        return best

    def occurs(self, low: Sequence[str], first: int, last: int) -> bool:
        """Tell whether any phrase lies wholly in the tokens ``first`` to ``last``."""
        root = self._root
        return any(low[index] in root and self.find(low, index, last) is not None for index in range(first, last))

    def scan(self, low: Sequence[str]) -> list[tuple[int, int, tuple[Any, ...]]]:
        """Give all phrases of a text from left to right, longest first, none overlapping: (start, end, payloads)."""
        found = []
        index, last, root = 0, len(low), self._root
        while index < last:
            if low[index] in root:
                hit = self.find(low, index)
                if hit is not None:
                    found.append((index, hit[0], hit[1]))
                    index = hit[0]
                    continue
            index += 1
        return found
