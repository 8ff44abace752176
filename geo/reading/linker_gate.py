"""A cheap look before the network: which windows may hold an event at all, by the words of the sentence and those around the place."""

import itertools
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.reading.features import Features
from geo.reading.linker_records import Window

_WORD = re.compile(r"[a-z']+|[.:;?!\d]")
_NEAR_BEFORE, _NEAR_BEHIND = 40, 50  # characters around the place whose words count by themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A weight for each word, pair of words and feature of the place; a window passes whose sum reaches ``threshold``."""

    words: Mapping[str, float]
    place: tuple[float, ...]
    bias: float
    threshold: float

    def passes(self, window: Window, place: Features) -> bool:
        """Tell whether the network should look at a window; ``place`` are its place features."""
        return round(self.score(window, place), 4) >= self.threshold

    def score(self, window: Window, place: Features) -> float:
        """Give the log-odds that a window holds an event."""
        told = sum(self.words.get(word, 0.0) for word in sorted(gate_words(window)))
        return told + math.fsum(weight * float(value) for weight, value in zip(self.place, place, strict=True)) + self.bias


def load_gate(path: Path) -> Gate:
    """Read a gate that ``scripts/train-reader`` wrote."""
    table = json.loads(path.read_text(encoding="utf-8"))
    return Gate(words=table["words"], place=tuple(table["place"]), bias=table["bias"], threshold=table["threshold"])


def gate_words(window: Window) -> set[str]:
    """Give the words and pairs of a window's sentence, and those around the place.

    Examples
    --------
    >>> from geo.reading.linker_records import PlaceSpan
    >>> place = PlaceSpan(start=0, end=5, key="k", kind="town")
    >>> window = Window(sentence=0, place=place, named=True, text="bears took paris",
    ...     place_at=((11, 16),), sentence_at=(0, 16), actors=(), dates=(), seen_before=0, in_sentence=1)
    >>> sorted(gate_words(window))[:3]
    ['bears', 'bears took', 'near bears']
    """
    text = window.text[window.sentence_at[0] :].lower()
    found = _WORD.findall(text)
    words = {*found, *(f"{a} {b}" for a, b in itertools.pairwise(found))}
    if window.named:
        at = window.place_at[0][0] - window.sentence_at[0]
        near = [word for word in _WORD.findall(text[max(0, at - _NEAR_BEFORE) : at + _NEAR_BEHIND]) if word[0].isalpha()]
        words |= {*(f"near {word}" for word in near), *(f"near {a} {b}" for a, b in itertools.pairwise(near))}
    return words
