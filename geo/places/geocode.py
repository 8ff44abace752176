"""A name to places, best first, with the method and the score of each."""

import math
from dataclasses import dataclass

from geo.geometry import distance_km
from geo.names import drop_articles, fold
from geo.places.gazetteer import Gazetteer
from geo.places.lists import load_lists
from geo.places.matching import match_inexact
from geo.places.resolve import choose, rank
from geo.places.scan import Hit
from geo.records import Place

REACH_KM = 300.0  # a place this far from the one asked to be near counts a third


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name can mean; ``near_km`` is its distance from the place asked to be near, where one was."""

    place: Place
    method: str
    score: float
    near_km: float | None = None


def geocode(name: str, gazetteer: Gazetteer, *, near: Place | None = None, limit: int = 5) -> list[Candidate]:
    """Give the places that a name can mean, the best first; an empty list where there is none.

    Parameters
    ----------
    name
        As written; what follows a comma contains it ("Alexandria, Louisiana"), and a class word tells its kind ("Idlib province").
    near
        A place near which the place is expected.

    Examples
    --------
    >>> from geo.places.gazetteer import Gazetteer
    >>> geocode("Alexandria, Egypt", Gazetteer.world(), limit=1)[0].place.country
    'EG'
    """
    inner, _, outer = (part.strip() for part in name.partition(","))
    hit = _look_up(inner, gazetteer)
    if not hit.places and near is None and outer:
        return geocode(name.replace(",", " "), gazetteer, limit=limit)
    parent = None
    if outer:
        holder = _look_up(outer, gazetteer)
        parent = choose(holder, gazetteer).place if holder.places else None
    ranked = rank(hit, gazetteer, None, parent)
    if near:
        ranked = _near_first(ranked, near)
    inexact = (
        {match.place.place_id: match.score for match in match_inexact(hit.key, gazetteer, hit.kinds)}
        if hit.method in {"skeleton", "respelled"}
        else {}
    )
    return [
        Candidate(
            place=place, method=hit.method, score=round(score * inexact.get(place.place_id, 1.0), 3),
            near_km=round(distance_km(place.lon, place.lat, near.lon, near.lat), 1) if near else None,
        )
        for place, score in ranked[:limit]
    ]  # fmt: skip


def _near_first(ranked: list[tuple[Place, float]], near: Place) -> list[tuple[Place, float]]:
    weights = [share * math.exp(-distance_km(place.lon, place.lat, near.lon, near.lat) / REACH_KM) for place, share in ranked]
    total = sum(weights) or 1.0
    moved = [(place, round(weight / total, 3)) for (place, _), weight in zip(ranked, weights, strict=True)]
    return sorted(moved, key=lambda row: -row[1])


def _look_up(name: str, gazetteer: Gazetteer) -> Hit:
    """Look a name up by growing tolerance; a class word at its end or before "of" is taken off where the whole is not known."""
    lists = load_lists()
    key = fold(name)
    parts = key.split()
    kinds: tuple[str, ...] = ()
    places, method = _known(key, gazetteer)
    if len(parts) > 1 and parts[-1] in lists.classes and not places:
        kinds = lists.classes[parts[-1]]
        while len(parts) > 1 and (parts[-1] in lists.classes or parts[-1] in lists.between):
            parts.pop()
    elif len(parts) > 2 and parts[1] == "of" and parts[0] in lists.classes and not places:
        kinds, parts = lists.classes[parts[0]], parts[2:]
    if kinds:
        key = " ".join(parts)
        places, method = _known(key, gazetteer)
        more = [p for p in gazetteer.without_class(key) if p.kind in kinds and p not in places]
        places = (*places, *more)
    if not places:
        matches = match_inexact(key, gazetteer, kinds)
        places = tuple(match.place for match in matches)
        method = matches[0].method if matches else "none"
    return Hit(first=0, last=0, key=key, places=places, method=method, kinds=kinds)


def _known(key: str, gazetteer: Gazetteer) -> tuple[tuple[Place, ...], str]:
    places = gazetteer.lookup(key)
    if places:
        return places, "exact"
    return gazetteer.without_articles(drop_articles(key)), "article"
