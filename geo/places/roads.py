"""Roads named by their two ends ("the Sennar-Rabak road"): one mention, at the middle of the line between them."""

from collections.abc import Iterator, Mapping

from geo.geometry import distance_km
from geo.places.resolve import Choice
from geo.places.scan import Hit
from geo.places.words import Words
from geo.records import Place

_BETWEEN = frozenset({"-", "–", "—", "‑", " - ", " – ", "/", " to "})
SURE = 0.9  # the ends are known, the road between them is guessed straight
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
