"""Say how sure a choice is, in the words of a probability: the network's own, and whether the rules read the same."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.reading.linker_decode import Cast, Choice
from geo.reading.linker_records import Advice, Layout

FEATURES = ("p_type", "p_actor", "p_date", "told", "same_actor", "same_date", "named", "incident")
_CLIP = 5.0
_DIGITS = 4
_GAINS = frozenset({"capture", "transfer"})
_INCIDENTS = frozenset({"repelled", "strike", "clash", "closure"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic model of whether class, place, date and camp are all right; fitted on reports held out of training.

    ``threshold`` is the confidence from which a choice is an event.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def confidence(self, features: Mapping[str, float]) -> float:
        """Give the probability that a choice is right, to four digits."""
        total = math.fsum([self.bias, *(self.weights[name] * features[name] for name in FEATURES)])
        return round(1 / (1 + math.exp(-total)), _DIGITS)


def describe(choice: Choice, layout: Layout, cast: Cast) -> dict[str, float]:
    """Give what a choice's confidence hangs on: log-odds of its parts, and what the rules read of the place in the sentence."""
    told = [advice for advice in _advice(choice, layout) if alike(advice.type, choice.type)]
    return {
        "p_type": _log_odds(choice.p_type),
        "p_actor": _log_odds(choice.p_actor),
        "p_date": _log_odds(choice.p_date),
        "told": float(bool(told)),
        "same_actor": float(any(cast.camp(advice.actor) == cast.camp(choice.actor) for advice in told)),
        "same_date": float(any(advice.date == choice.date.date for advice in told)),
        "named": float(choice.window.named),
        "incident": float(choice.type in _INCIDENTS),
    }


def alike(one: str, other: str) -> bool:
    """Tell whether two types are of one class: a capture and a transfer are."""
    return one == other or (one in _GAINS and other in _GAINS)


def _advice(choice: Choice, layout: Layout) -> Sequence[Advice]:
    sentence = layout.sentences[choice.window.sentence]
    return [advice for advice in layout.advice.get(choice.window.place.key, ()) if sentence.start <= advice.start < sentence.end]


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return max(-_CLIP, min(_CLIP, math.log(p / (1 - p))))
