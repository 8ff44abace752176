"""Split a report into lines (a bullet, a dated note, a post) and lines into sentences, with offsets into the text."""

import re
from dataclasses import dataclass

from geo.reading.grammar import load_grammar
from geo.reading.tokens import fold

_END = re.compile(r"[.!?…]+[\"'’”»)\]]*(?=\s|$)|\n+")
_WORD_BEFORE = re.compile(r"([^\W_]+)$")
_BULLET = re.compile(r"\s*(?:[•●▪◦·‣►▶➡→✅❗⚡🔴🟢🔺🔻*]|[-–—](?=\s)|\(?\d{1,2}[/.)](?=\s|\d{0,2}\s)|>|#)")
_TERMINAL = frozenset('.!?:;…"”')
_NARROWEST, _WIDEST = 50, 110  # characters of a line that a program may have wrapped
_MAX_SENTENCE = 1500  # characters; longer ones are cut at a blank, so that no step can take long on a text without stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a report; ``start`` and ``end`` span it in the text, ``line`` numbers the line (bullet, note, post) it stands in."""

    start: int
    end: int
    text: str
    line: int


def split_sentences(text: str) -> list[Sentence]:
    """Split a report's text into sentences.

    Examples
    --------
    >>> [s.text for s in split_sentences("Gen. Idris left. On Nov. 30 the town fell.")]
    ['Gen. Idris left.', 'On Nov. 30 the town fell.']
    """
    joins = _wrapped(text)
    found: list[Sentence] = []
    start = line = 0
    for match in _END.finditer(text):
        newline = text[match.start()] == "\n"
        if newline and match.start() in joins:
            continue
        if not newline and not _is_end(text, match):
            continue
        _add(found, text, start, match.start() if newline else match.end(), line)
        start = match.end()
        if newline:
            line += 1
    _add(found, text, start, len(text), line)
    return found


def _is_end(text: str, match: re.Match[str]) -> bool:  # noqa: PLR0911 - a list of cases
    if match.group()[0] != ".":
        following = text[match.end() : match.end() + 3].lstrip()
        return match.group()[0] != "…" or not following[:1].islower()
    if match.group().startswith(".."):
        following = text[match.end() : match.end() + 3].lstrip()
        return not following[:1].islower()
    word = _WORD_BEFORE.search(text, max(0, match.start() - 15), match.start())
    following = text[match.end() : match.end() + 4].lstrip()
    if word is None:
        return True
    before = fold(word.group(1))
    if before in load_grammar().never_last and word.group(1)[0].isupper():
        return False
    if before in load_grammar().abbreviations and len(match.group()) == 1:
        single = len(before) == 1
        # "U.S. forces", "Nov. 30": a digit or a small letter goes on; so does a capital behind one letter of an initialism
        if following[:1].isdigit() or following[:1].islower():
            return False
        return not (single and text[max(0, word.start() - 1)] == "." and before in "usa")
    return not following[:1].islower()


def _wrapped(text: str) -> frozenset[int]:
    """Find the line ends that only wrap a paragraph: all lines are short, and most end in the middle of a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    open_ends = sum(line.rstrip()[-1] not in _TERMINAL for line in lines)
    if (
        len(lines) < 3
        or max(map(len, lines)) > _WIDEST
        or sum(len(line) >= _NARROWEST for line in lines) < len(lines) / 2
        or open_ends < len(lines) / 3
    ):
        return frozenset()
    joins = set()
    for match in re.finditer(r"\n", text):
        at = match.start()
        before, after = text[text.rfind("\n", 0, at) + 1 : at].rstrip(), text[at + 1 : at + 60]
        if (
            before
            and after.strip()
            and text[at + 1] != "\n"
            and before[-1] not in _TERMINAL
            and not _BULLET.match(after)
            and len(before) >= _NARROWEST
        ):
            joins.add(at)
    return frozenset(joins)


def _add(found: list[Sentence], text: str, start: int, end: int, line: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _MAX_SENTENCE:
        cut = text.rfind(" ", start, start + _MAX_SENTENCE)
        cut = cut if cut > start else start + _MAX_SENTENCE
        found.append(Sentence(start=start, end=cut, text=text[start:cut], line=line))
        start = cut
    if start < end:
        found.append(Sentence(start=start, end=end, text=text[start:end], line=line))
