"""Inexact names: the same consonants and a like sound, or one slip of the pen in a long name, inside one theatre's countries.

Measured leave-one-spelling-out (``scripts/bench-places --spellings``). A bare edit-distance ratio would accept
a third of the names that are not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from geo.names import drop_articles, likeness, skeleton
from geo.places.gazetteer import SHORTEST_SLIP, Gazetteer
from geo.records import WIDE_KINDS, Place

# the least likeness of two spellings with one skeleton, by its length: few consonants are shared by many names. Chosen so that in
# Syria fewer than 8 % of absent names are accepted
LIKE = {2: 0.94, 3: 0.94, 4: 0.9}
LIKE_LONGER = 0.86
SUREST = 0.99  # a respelling is never as sure as the name itself
SHORTEST_SKELETON = 2  # consonants


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A place that a name may spell: by which method, and how like (0-1)."""

    place: Place
    method: str
    score: float
    key: str


def match_inexact(key: str, gazetteer: Gazetteer, kinds: Sequence[str] = ()) -> list[Match]:
    """Give the theatre's places whose name is a respelling of a folded name, the likest first; none in the world.

    Provinces, roads and other wide places are among them only where ``kinds`` asks for them: most have the name of a town.
    """
    if gazetteer.is_world or not key.isascii():
        return []
    matches = _by_skeleton(key, gazetteer) or _by_slip(key, gazetteer)
    return [match for match in matches if match.place.kind not in WIDE_KINDS or match.place.kind in kinds]


def suggest(key: str, gazetteer: Gazetteer, *, limit: int = 3) -> tuple[str, ...]:
    """Give the names nearest to one that was not found, for a person to judge."""
    if gazetteer.is_world:
        return ()
    near = process.extract(key, gazetteer.main_names.keys(), scorer=fuzz.ratio, limit=limit, score_cutoff=60)
    return tuple(gazetteer.main_names[name] for name, _, _ in near)


def _by_skeleton(key: str, gazetteer: Gazetteer) -> list[Match]:
    bones = skeleton(key)
    if len(bones) < SHORTEST_SKELETON:
        return []
    least = LIKE.get(len(bones), LIKE_LONGER)
    found: dict[str, Match] = {}
    for other, place in gazetteer.of_skeleton(bones):
        like = min(likeness(key, other), SUREST)
        known = found.get(place.place_id)
        if like >= least and (known is None or like > known.score):
            found[place.place_id] = Match(place=place, method="skeleton", score=like, key=other)
    return _ranked(found)


def _by_slip(key: str, gazetteer: Gazetteer) -> list[Match]:
    bare = drop_articles(key)
    if len(bare) < SHORTEST_SLIP:
        return []
    found: dict[str, Match] = {}
    for other, place in gazetteer.near_slip(bare):
        if other[0] == bare[0] and likeness(bare, other) > 0 and OSA.distance(bare, other, score_cutoff=1) <= 1:
            found.setdefault(
                place.place_id,
                Match(place=place, method="respelled", score=min(round(fuzz.ratio(bare, other) / 100, 3), SUREST), key=other),
            )
    return _ranked(found)


def _ranked(found: dict[str, Match]) -> list[Match]:
    return sorted(found.values(), key=lambda match: (-match.score, -match.place.population, match.place.place_id))
