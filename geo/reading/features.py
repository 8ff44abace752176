"""Describe a window's candidates in numbers: how far, on which side, in the same clause, how often, what kind.

What the encoder sees only dimly (distance, order, what stands between) is told to the linker's heads outright.
"""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo.reading.linker_records import ActorCandidate, Advice, DateCandidate, Layout, Window

Features = NDArray[np.float32]

_CLAUSE = re.compile(r"[,;:—–()|]|\b(?:and|but|while|after|before|when|as|who|which|where|whose|that)\b", re.IGNORECASE)
_LEADS = ("by", "from", "against", "to", "with", "of", "on", "since", "until", "after", "before", "in", "and", "where")
_KINDS = (
    ("city",),
    ("town", "village"),
    ("neighbourhood", "square", "district"),
    ("base", "airport"),
    ("facility", "crossing"),
    ("province",),
    ("road", "river", "lake"),
    ("country", "region"),
)
_PRECISIONS = ("day", "week", "month", "year")
_ANCHORS = ("absolute", "published", "chained", "bare")
_WHERE_ACTOR = ("sentence", "context", "source", "before")
_WHERE_DATE = ("sentence", "context", "published", "before")

_TYPES = ({"capture", "transfer"}, {"withdrawal"}, {"contested"}, {"repelled"}, {"strike"}, {"clash"}, {"closure"})

PLACE_FEATURES = 10 + len(_KINDS) + len(_TYPES)
ACTOR_FEATURES = 20 + len(_WHERE_ACTOR) + len(_LEADS)
DATE_FEATURES = 23 + len(_WHERE_DATE) + len(_LEADS) + len(_PRECISIONS) + len(_ANCHORS)


def place_features(window: Window, layout: Layout) -> Features:
    """Describe the place that a window asks about: shape (PLACE_FEATURES,)."""
    kinds = [float(window.place.kind in group) for group in _KINDS]
    here = _advice(window, layout)
    told = [float(any(advice.type in group for advice in here)) for group in _TYPES]
    return np.array(
        [
            float(window.named),
            min(window.in_sentence, 3) / 3,
            float(window.seen_before > 0),
            min(window.seen_before, 4) / 4,
            float(window.sentence == 0),
            float(layout.partisan == 1),
            float(layout.partisan == 2),
            float(layout.source_actor is not None),
            float(len(here) > 1),
            float(bool(layout.advice.get(window.place.key))),
            *kinds,
            *told,
        ],
        dtype=np.float32,
    )


def actor_features(window: Window, layout: Layout, camps: dict[str, str], sides: dict[str, str]) -> Features:
    """Describe a window's actor candidates: shape (candidates, ACTOR_FEATURES)."""
    own = camps.get(layout.source_actor or "", layout.source_actor)
    here = _advice(window, layout)
    gaining, losing = {camps.get(a.actor, a.actor) for a in here if a.actor}, {camps.get(a.target, a.target) for a in here if a.target}
    rows = []
    for candidate in window.actors:
        camp = camps.get(candidate.actor, candidate.actor)
        side = sides.get(candidate.actor, "")
        share = layout.shares.get(candidate.actor, 0.0)
        rows.append(
            [
                *_position(candidate, window, window.actors),
                float(own is not None and camp == own),
                float(own is not None and camp != own),
                float(side == "government"),
                float(side == "non-state"),
                float(side == "foreign"),
                share,
                float(camp in gaining),
                float(camp in losing),
                *(float(candidate.where == where) for where in _WHERE_ACTOR),
                *_lead(window.text, candidate.at[0]),
            ]
        )
    return np.array(rows, dtype=np.float32).reshape(-1, ACTOR_FEATURES)


def date_features(window: Window, layout: Layout) -> Features:
    """Describe a window's date candidates: shape (candidates, DATE_FEATURES)."""
    days = {advice.date for advice in _advice(window, layout)}
    rows = []
    for candidate in window.dates:
        age = (layout.published - candidate.date).days
        rows.append(
            [
                *_position(candidate, window, window.dates),
                float(age == 0),
                float(age < 0),
                float(age > 90),
                math.log1p(max(0, age)) / 8,
                float(candidate.date_end is not None),
                float(candidate.alternate),
                float(candidate.date in days),
                *_since(candidate),
                *(float(candidate.where == where) for where in _WHERE_DATE),
                *_lead(window.text, candidate.at[0]),
                *(float(candidate.precision == precision) for precision in _PRECISIONS),
                *(float(candidate.anchoring == anchor) for anchor in _ANCHORS),
            ]
        )
    return np.array(rows, dtype=np.float32).reshape(-1, DATE_FEATURES)


def _advice(window: Window, layout: Layout) -> list[Advice]:
    """Give what the rules read of a window's place in its sentence."""
    sentence = layout.sentences[window.sentence]
    return [advice for advice in layout.advice.get(window.place.key, ()) if sentence.start <= advice.start < sentence.end]


def _position(
    candidate: ActorCandidate | DateCandidate, window: Window, rivals: Sequence[ActorCandidate] | Sequence[DateCandidate]
) -> list[float]:
    """Give twelve numbers: sentence, side and distance of the nearest naming of the place, clause, rivals between, rank."""
    place = min(window.place_at, key=lambda at: abs(at[0] - candidate.at[0]))
    before = candidate.at[0] < place[0]
    gap = window.text[candidate.at[1] : place[0]] if before else window.text[place[1] : candidate.at[0]]
    header = candidate.where in ("source", "published", "before")
    low, high = sorted((candidate.at[0], place[0]))
    between = sum(low < rival.at[0] < high for rival in rivals)
    side = [rival.at[0] for rival in rivals if rival.sentence == candidate.sentence]
    return [
        float(candidate.sentence == 0),
        float(candidate.sentence == 1),
        float(candidate.sentence == 2),
        float(before),
        0.0 if header else math.log1p(len(gap.split())) / 4,
        float(not header and _CLAUSE.search(gap) is None),
        0.0 if header else min(len(_CLAUSE.findall(gap)), 6) / 6,
        min(between, 4) / 4,
        float(not header and between == 0),
        float(bool(side) and candidate.at[0] == min(side)),
        float(bool(side) and candidate.at[0] == max(side)),
        float(not header and any(abs(candidate.at[0] - at[1]) < 3 or abs(candidate.at[1] - at[0]) < 3 for at in window.place_at)),
    ]


def _since(candidate: DateCandidate) -> list[float]:
    """Say how a date lies to the one told before it: known, later, the same day, how far."""
    if candidate.told_before is None:
        return [0.0, 0.0, 0.0, 0.0]
    days = (candidate.date - candidate.told_before).days
    return [1.0, float(days > 0), float(days == 0), math.log1p(abs(days)) / 8]


def _lead(text: str, at: int) -> list[float]:
    words = text[max(0, at - 16) : at].lower().split()[-2:]
    return [float(lead in words) for lead in _LEADS]
