"""Turn windows into the arrays that the network takes: token ids, where each candidate stands, and its features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from geo.reading.features import ACTOR_FEATURES, DATE_FEATURES, PLACE_FEATURES
from geo.reading.linker import MAX_CANDIDATES
from geo.reading.linker_records import Window

MAX_TOKENS = 256

Arrays = dict[str, NDArray[np.float32] | NDArray[np.int64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A window with its features, ready for a batch."""

    window: Window
    place: NDArray[np.float32]
    actors: NDArray[np.float32]
    dates: NDArray[np.float32]


def batch_arrays(questions: Sequence[Question], tokenizer: Tokenizer) -> Arrays:
    """Lay a batch of questions out as padded arrays, in their order.

    ``ids`` and ``mask`` are (batch, tokens); ``place_at``, ``sentence_at`` (batch, tokens) and ``actor_at``, ``date_at`` (batch,
    candidates, tokens) hold weights that average a span's tokens; ``*_features`` their numbers; ``*_mask`` is 1 for a candidate.
    """
    encodings = tokenizer.encode_batch([question.window.text for question in questions])
    size = len(questions)
    length = min(MAX_TOKENS, max(len(encoding.ids) for encoding in encodings))
    actors = min(MAX_CANDIDATES, max(1, *(len(question.window.actors) for question in questions))) if size else 1
    dates = min(MAX_CANDIDATES, max(1, *(len(question.window.dates) for question in questions))) if size else 1
    arrays: Arrays = {
        "ids": np.zeros((size, length), np.int64),
        "mask": np.zeros((size, length), np.float32),
        "place_at": np.zeros((size, length), np.float32),
        "sentence_at": np.zeros((size, length), np.float32),
        "actor_at": np.zeros((size, actors, length), np.float32),
        "date_at": np.zeros((size, dates, length), np.float32),
        "place_features": np.zeros((size, PLACE_FEATURES), np.float32),
        "actor_features": np.zeros((size, actors, ACTOR_FEATURES), np.float32),
        "date_features": np.zeros((size, dates, DATE_FEATURES), np.float32),
        "actor_mask": np.zeros((size, actors), np.float32),
        "date_mask": np.zeros((size, dates), np.float32),
    }
    for row, (question, encoding) in enumerate(zip(questions, encodings, strict=True)):
        _fill(arrays, row, question, encoding, length)
    return arrays


def _fill(arrays: Arrays, row: int, question: Question, encoding: Encoding, length: int) -> None:
    window = question.window
    count = min(len(encoding.ids), length)
    arrays["ids"][row, :count] = encoding.ids[:count]
    arrays["mask"][row, :count] = 1
    offsets = np.array(encoding.offsets[:count])
    starts, ends = offsets[:, 0], offsets[:, 1]
    for at in window.place_at:
        arrays["place_at"][row, :count] += _cover(starts, ends, at)
    total = float(arrays["place_at"][row].sum())
    arrays["place_at"][row] /= total or 1.0
    arrays["sentence_at"][row, :count] = _cover(starts, ends, window.sentence_at)
    arrays["place_features"][row] = question.place
    for name, candidates, features in (("actor", window.actors, question.actors), ("date", window.dates, question.dates)):
        room = arrays[f"{name}_mask"].shape[1]
        for number in range(min(len(candidates), room)):
            arrays[f"{name}_at"][row, number, :count] = _cover(starts, ends, candidates[number].at)
            arrays[f"{name}_mask"][row, number] = 1
        kept = min(len(candidates), room)
        arrays[f"{name}_features"][row, :kept] = features[:kept]


def _cover(starts: NDArray[np.int64], ends: NDArray[np.int64], at: tuple[int, int]) -> NDArray[np.float32]:
    inside = ((starts < at[1]) & (ends > at[0]) & (ends > starts)).astype(np.float32)
    total = float(inside.sum())
    return inside / np.float32(total or 1.0)
