"""Places that a text names by others: the road between two towns, the airport, base or bridge of a town.

They are no rows of a gazetteer: their ids tell what they were made of (``road:a..b``, ``a/airport``), their precision that the point
is borrowed. What happens at a town's airport is thereby never taken for the town.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from geo.geometry import distance_km
from geo.names import fold
from geo.places.lists import Lists
from geo.places.merge import SETTLEMENTS
from geo.places.resolve import Choice
from geo.places.scan import Hit
from geo.places.words import Words
from geo.records import Place

_BETWEEN = frozenset({"-", "–", "—", "‑", " - ", " – ", "/", " to "})
SURE = 0.9  # the towns are known, where between or around them the place lies is not
FACILITY_M = 8000.0  # metres from a town's middle to its airport or base, as a rule
ROAD_M = 30_000.0
LONGEST_KM = 800.0  # ends farther apart than this are two places beside each other, not a road's


def join_roads(hits: list[Hit], choices: Mapping[int, Choice], words: Words) -> Iterator[tuple[Hit, Choice]]:
    """Give hits with what was chosen for them, two ends of a road as one; all in text order."""
    at = 0
    while at < len(hits):
        one = hits[at]
        other = hits[at + 1] if at + 1 < len(hits) else None
        if other is not None and _is_road(one, other, words):
            first, second = choices[id(one)].place, choices[id(other)].place
            if 0 < distance_km(first.lon, first.lat, second.lon, second.lat) <= LONGEST_KM:
                yield _road(one, other, first, second)
                at += 2
                continue
        yield one, choices[id(one)]
        at += 1


def at_facility(hit: Hit, choice: Choice, lists: Lists) -> Choice:
    """Give a town's facility for the town where a class word names one that no gazetteer has ("Kupiansk airfield")."""
    place = choice.place
    kinds = hit.kinds
    if not hit.followed or not kinds or kinds[0] not in lists.span_kinds or place.kind in kinds or place.kind not in SETTLEMENTS:
        return choice
    facility = replace(
        place, place_id=f"{place.place_id}/{fold(hit.class_word or kinds[0]).replace(' ', '-')}",
        name=f"{place.name} {hit.class_word}", kind=kinds[0],
        precision_m=max(place.precision_m, ROAD_M if kinds[0] == "road" else FACILITY_M), names=(), within=place.place_id, population=0,
    )  # fmt: skip
    return replace(choice, place=facility, score=min(choice.score, SURE))


def _is_road(one: Hit, other: Hit, words: Words) -> bool:
    gap = words.text[words.ends[one.last] : words.starts[other.first]]
    return gap in _BETWEEN and other.followed and other.kinds[:1] == ("road",)


def _road(one: Hit, other: Hit, first: Place, second: Place) -> tuple[Hit, Choice]:
    length = distance_km(first.lon, first.lat, second.lon, second.lat)
    place = Place(
        place_id=f"road:{first.place_id}..{second.place_id}", name=f"{first.name}-{second.name} {other.class_word}", kind="road",
        lon=round((first.lon + second.lon) / 2, 5), lat=round((first.lat + second.lat) / 2, 5), precision_m=round(500 * length, 0),
        country=first.country, admin1=first.admin1 if first.admin1 == second.admin1 else None, source="between its ends",
    )  # fmt: skip
    hit = Hit(
        first=one.first, last=other.last, stop=other.stop, key=f"{one.key} {other.key}", places=(place,), method="ends", kinds=other.kinds,
        class_word=other.class_word, followed=True, skip=one.skip,
    )  # fmt: skip
    return hit, Choice(place, SURE)
