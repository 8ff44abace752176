"""A text as words: folded, with their spans, their capitals, and what parts them."""

import re

from geo.names import ARTICLES, UNSURE_ARTICLES, WORD, fold

# what may stand between two words of one name; a full stop only after an abbreviation
_JOINTS = frozenset({" ", "-", "‑", "‐", "\n", " \n", "\n ", "\r\n", "  ", "\u00a0", " - ", "’", "'", "`"})
_TIGHT = frozenset({" ", "-", "‑", "‐", "\u00a0"})
_ABBREVIATIONS = frozenset({"st", "ste", "mt", "ft", "pt"})
_ENDS = frozenset('.!?:;\n•|*"“”')
_LOWER = re.compile(r"[a-zа-яёіїєґ]")
_LOWER_START = re.compile(r"(?:^|[.!?]\s+|\n)[a-z]")
INFORMAL_STARTS = 2  # sentences that begin in small letters: the writer does not care for capitals
_LAST_CASED = "\u058f"  # up to here stand Latin, Greek, Cyrillic and Armenian; behind it Hebrew, Arabic and most that have no capitals
CASELESS_SHARE = 0.004  # fewer capitals per letter than this: the writer uses none


class Words:
    """The words of one text.

    ``folded``, ``starts`` and ``ends`` are parallel; ``upper`` says which words begin with a capital.
    ``caseless`` marks a text in a script with capitals that is written without them, ``informal`` one whose
    writer does not always use them.
    """

    __slots__ = ("caseless", "ends", "folded", "informal", "starts", "text", "upper")

    def __init__(self, text: str) -> None:
        self.text = text
        # an underscore alone folds to nothing
        found = [match for match in WORD.finditer(text) if fold(match[0])]
        written = [match[0] for match in found]
        self.folded: list[str] = list(map(fold, written))
        self.starts: list[int] = [match.start() for match in found]
        self.ends: list[int] = [match.end() for match in found]
        self.upper: list[bool] = [word[0].isupper() for word in written]
        capitals = sum(self.upper)
        self.caseless = capitals <= CASELESS_SHARE * len(text) and len(self.folded) > 3 and _LOWER.search(text) is not None
        self.informal = self.caseless or len(_LOWER_START.findall(text)) >= INFORMAL_STARTS

    def __len__(self) -> int:
        return len(self.folded)

    def joined(self, at: int) -> bool:
        """Say whether word ``at`` and the next one can be parts of one name."""
        if at < 0 or at + 1 >= len(self.folded):
            return False
        gap = self.text[self.ends[at] : self.starts[at + 1]]
        return gap in _JOINTS or (gap == ". " and self.folded[at] in _ABBREVIATIONS)

    def tight(self, at: int) -> bool:
        """Say whether one space or hyphen, and nothing else, stands between word ``at`` and the next one."""
        return 0 <= at < len(self.folded) - 1 and self.text[self.ends[at] : self.starts[at + 1]] in _TIGHT

    def hyphenated(self, at: int) -> bool:
        """Say whether word ``at`` and the next one are parted by a hyphen alone."""
        return (
            0 <= at < len(self.folded) - 1
            and self.text[self.ends[at] : self.starts[at + 1]] in "-‑‐"
            and self.ends[at] < self.starts[at + 1]
        )

    def beginnings(self) -> list[int]:
        """Give the words at which a name can begin: a capital, a letter of a script without them, or an article before a capital."""
        mixed = not self.text.isascii()
        return [
            at
            for at, (upper, word) in enumerate(zip(self.upper, self.folded, strict=True))
            if upper or (word in ARTICLES and self.is_article(at)) or (mixed and self.uncased(at))
        ]

    def is_article(self, at: int) -> bool:
        """Say whether word ``at`` is a lower-case article before a capital ("al-Bab")."""
        word = self.folded[at]
        if word not in ARTICLES or self.upper[at] or at + 1 >= len(self.folded) or not self.upper[at + 1]:
            return False
        return self.hyphenated(at) if word in UNSURE_ARTICLES else self.joined(at)

    def uncased(self, at: int) -> bool:
        """Say whether word ``at`` is of a script that has no capitals."""
        first = self.text[self.starts[at]]
        return first > _LAST_CASED and first.isalpha() and first.lower() == first.upper()

    def opens_sentence(self, at: int) -> bool:
        """Say whether word ``at`` is the first of a sentence, line or quotation."""
        if at == 0:
            return True
        before = self.text[self.ends[at - 1] : self.starts[at]]
        return any(char in _ENDS for char in before) and not (before == ". " and self.folded[at - 1] in _ABBREVIATIONS)

    def shouted(self, at: int) -> bool:
        """Say whether word ``at`` is written in capitals throughout, with more than one letter."""
        word = self.text[self.starts[at] : self.ends[at]]
        return word.isupper() and sum(char.isalpha() for char in word) > 1
