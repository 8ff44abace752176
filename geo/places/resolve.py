"""Which place a name means: by kind, size, containment and nearness to the report's other places.

A candidate's score is a sum of evidence; the weights are round numbers and were not fitted to any corpus.
"""

import heapq
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.geometry import distance_km
from geo.names import fold
from geo.places.gazetteer import Gazetteer
from geo.places.merge import SETTLEMENTS
from geo.places.scan import Hit
from geo.records import WIDE_KINDS, Place

NEAR_KM = 60.0  # a day's reach of one front: at this distance a neighbour's evidence has fallen to 1/e
# kinds that English writes with "the" before the bare name ("the Dnipro"), which a town is not
DEFINITE = frozenset({"river", "road", "region", "lake"})
# a province that is called as its big town: the town is meant where no class word says otherwise
NESTED = 4  # so many places of an outer name are weighed with what is inside them
SEAT_SHARE = 0.05
SEAT_MEANT = -2.0
CLOSE_CALL = 0.6  # a runner-up this near in score, and more than CLOSE_CALL_KM away, is a homonym warning
CLOSE_CALL_KM = 10.0


@dataclass(slots=True)
class Context:
    """What a report's places say together: where they are (key, longitude, latitude), and the votes for countries and provinces."""

    points: list[tuple[str, float, float]] = field(default_factory=list)
    countries: Counter[str] = field(default_factory=Counter)
    provinces: Counter[tuple[str, str]] = field(default_factory=Counter)
    # what each name voted for, so that none is its own witness: country, province, weights
    votes: dict[str, tuple[str | None, str | None, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen for a name, its score in 0-1, and the next best."""

    place: Place
    score: float
    runner_up: Place | None = None
    runner_up_km: float | None = None
    close: bool = False


def gather(choices: Sequence[tuple[Hit, Place]]) -> Context:
    """Collect the context from names that are resolved so far; a name written often votes once."""
    context = Context()
    seen: set[str] = set()
    for hit, place in choices:
        if hit.key in seen:
            continue
        seen.add(hit.key)
        weight = 1 if len(hit.places) > 1 else 3
        if place.kind not in {"country", "region"}:
            context.points.append((hit.key, place.lon, place.lat))
        if place.country:
            country, province = weight * (1 + (place.kind == "country")), weight * (1 + (place.kind == "province"))
            context.countries[place.country] += country
            if place.admin1:
                context.provinces[place.country, place.admin1] += province
            context.votes[hit.key] = (place.country, place.admin1, country, province)
    return context


def choose(hit: Hit, gazetteer: Gazetteer, context: Context | None = None, parent: Place | None = None) -> Choice:
    """Choose among the places of a hit.

    Parameters
    ----------
    context
        The report's other places, where they are known.
    parent
        The place that the text names as containing this one ("X, Idlib province").
    """
    if len(hit.places) == 1:
        return Choice(hit.places[0], 1.0)
    scored = _scored(hit, gazetteer, context, parent)
    best, place = scored[0]
    rival = next(((score, other) for score, other in scored[1:] if distance_km(other.lon, other.lat, place.lon, place.lat) > 1), None)
    if rival is None:
        return Choice(place, 1.0)
    apart = distance_km(rival[1].lon, rival[1].lat, place.lon, place.lat)
    margin = best - rival[0]
    return Choice(place, round(1 / (1 + math.exp(-margin)), 3), rival[1], round(apart, 1), margin < CLOSE_CALL and apart > CLOSE_CALL_KM)


def choose_nested(inner: Hit, outer: Hit, gazetteer: Gazetteer, context: Context | None = None) -> Place:
    """Choose what contains a name ("Athens, Georgia") by both at once: the place in which the inner name fits best."""
    holders = _scored(outer, gazetteer, context, None)[:NESTED]
    best = max(holders, key=lambda row: row[0] + max(score for score, _ in _scored(inner, gazetteer, context, row[1])))
    return best[1]


def rank(hit: Hit, gazetteer: Gazetteer, context: Context | None = None, parent: Place | None = None) -> list[tuple[Place, float]]:
    """Give all places of a hit with their share of the evidence (0-1, together 1), the best first."""
    scored = _scored(hit, gazetteer, context, parent)
    if not scored:
        return []
    weights = [math.exp(score - scored[0][0]) for score, _ in scored]
    return [(place, round(weight / sum(weights), 3)) for weight, (_, place) in zip(weights, scored, strict=True)]


def _scored(hit: Hit, gazetteer: Gazetteer, context: Context | None, parent: Place | None) -> list[tuple[float, Place]]:
    kinds = hit.kinds if any(place.kind in hit.kinds for place in hit.places) else ()
    seats = {(place.country, place.admin1): place.population for place in reversed(hit.places) if place.kind in SETTLEMENTS}
    scored = []
    for place in hit.places:
        score = _prior(place, hit, kinds, gazetteer)
        if not kinds and place.kind == "province" and seats.get((place.country, place.admin1), 0) >= SEAT_SHARE * place.population:
            score += SEAT_MEANT
        if parent is not None and parent is not place:
            score += _inside(place, parent)
        if context is not None:
            score += _in_context(place, hit, context)
        scored.append((score, place))
    # a stable sort: equal scores keep the gazetteer's order
    return sorted(scored, key=lambda row: -row[0])


def _prior(place: Place, hit: Hit, kinds: tuple[str, ...], gazetteer: Gazetteer) -> float:
    """Give what speaks for a place before the report's other names are looked at: whose it is, its kind, its main name, its size."""
    own = gazetteer.is_own(place)
    score = 0.0 if gazetteer.is_world else 2.0 * own + 2.0 * (not place.place_id.startswith("gn:"))
    score += _of_kind(place, kinds, gazetteer, definite=hit.definite)
    score += 0.8 * (fold(place.name) == hit.key)
    return score + (0.5 if own else 1.0) * math.log10(place.population + 100)


def _of_kind(  # noqa: PLR0911 -- one return for each kind
    place: Place, kinds: tuple[str, ...], gazetteer: Gazetteer, *, definite: bool
) -> float:
    if kinds:
        return 5.0 if place.kind in kinds else 0.0
    if definite and place.kind in DEFINITE:
        return 4.0
    if place.kind in {"country", "region"} and gazetteer.is_world:
        return 2.5
    if place.kind == "country":
        return 4.0
    if gazetteer.is_world and gazetteer.is_capital(place):
        return 1.5
    if place.kind == "district":
        return -2.0
    if place.kind == "province":
        return 0.5 if gazetteer.is_world else -1.5
    return 0.5 if place.kind in SETTLEMENTS else 0.0


def _inside(place: Place, parent: Place) -> float:
    if parent.kind == "country":
        return 4.0 if place.country == parent.country else -1.0
    if place.within in {parent.place_id, parent.name}:
        return 5.0
    if parent.kind == "province":
        return 4.0 if (place.country, place.admin1) == (parent.country, parent.admin1) else -1.0
    apart = distance_km(place.lon, place.lat, parent.lon, parent.lat)
    return 4.0 * math.exp(-apart / 30.0)


def _in_context(place: Place, hit: Hit, context: Context) -> float:
    score = 0.0
    country, province, weight, weight_inside = context.votes.get(hit.key, (None, None, 0, 0))
    total = sum(context.countries.values()) - weight
    votes = context.countries[place.country] - weight * (place.country == country) if place.country else 0
    if total > 0:
        score += 2.0 * votes / total
    shared = sum(context.provinces.values()) - weight_inside * (province is not None)
    if shared > 0 and place.country and place.admin1:
        own = weight_inside * ((place.country, place.admin1) == (country, province))
        score += 2.0 * (context.provinces[place.country, place.admin1] - own) / shared
    # of places in a country that no other name of the report is in, none is near
    if place.kind not in WIDE_KINDS and (votes or total <= 0):
        near = heapq.nsmallest(3, (_rough_km(place, lon, lat) for key, lon, lat in context.points if key != hit.key))
        if near:
            score += 1.5 * sum(math.exp(-apart / NEAR_KM) for apart in near) / len(near) + 0.5 * math.exp(-near[0] / (3 * NEAR_KM))
    return score


def _rough_km(place: Place, lon: float, lat: float) -> float:
    """Give a distance in kilometres on a flat map: good to a few per cent where it counts, below some hundred kilometres."""
    return 111.2 * math.hypot(place.lat - lat, (place.lon - lon) * math.cos(math.radians(lat)))
