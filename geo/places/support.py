"""What makes a name a place in a text from anywhere, where any surname is a town somewhere.

In the world a name of one word counts where something in the report says that it is a place: its size, a preposition,
a class word, the state after its comma, a dateline; said once, it holds for the whole report. Persons that the
report calls by their whole name are none.
"""

import itertools
from collections.abc import Iterable

from geo.places.lists import Lists
from geo.places.scan import Hit
from geo.places.words import Words

LARGE = 100_000  # people; a city of this size needs no support ...
GREAT = 300_000  # ... and one of this size none though its name is a given name
FEW = 8  # places of one name
SHORTEST_RARE = 4  # letters
UNSUPPORTED = "nothing beside it tells a place"


def find_people(words: Words, lists: Lists) -> set[str]:
    """Give the folded surnames of the persons that a text calls by given name and surname, or by a title."""
    people: set[str] = set()
    for at, upper in enumerate(words.upper):
        if not upper:
            continue
        word = words.folded[at]
        given = word in lists.given and word not in lists.ordinary
        if not given and word not in lists.titles:
            continue
        last = at
        while last - at < 4 and words.upper[min(last + 1, len(words) - 1)] and (words.tight(last) or _initial(words, last)):
            last += 1
        if last > at and not any(
            words.folded[near] in lists.organisation_after or words.folded[near] in lists.classes for near in range(at + 1, last + 1)
        ):
            surname = words.folded[last]
            if surname not in lists.ordinary or given:
                people.add(surname)
    return people


def refuse_unsupported(hits: Iterable[Hit], words: Words, lists: Lists, people: set[str]) -> None:
    """Refuse, in place, the one-word names of small places that nothing in the report supports."""
    open_hits = [hit for hit in hits if hit.refused is None]
    followed = {id(one) for one, other in itertools.pairwise(open_hits) if _contains(one, other, words)}
    supported = {hit.key for hit in open_hits if id(hit) in followed or _supported(hit, words, lists, people)}
    here = {place.country for hit in open_hits if hit.key in supported for place in hit.places[:1]}
    for hit in open_hits:
        if hit.key not in supported and hit.first == hit.last and not _is_rare(hit, here, lists, people):
            hit.refused = UNSUPPORTED


def _supported(hit: Hit, words: Words, lists: Lists, people: set[str]) -> bool:  # noqa: PLR0911 -- one return for each kind of support
    largest = hit.places[0]
    wide = any(place.kind in {"country", "region"} or (place.kind == "province" and place.population >= LARGE) for place in hit.places)
    if wide and hit.key not in people:
        return True
    if hit.kinds:
        return True
    if hit.key in people:
        return False
    people_there = max(place.population for place in hit.places)
    if people_there >= (GREAT if hit.key in lists.given else LARGE):
        return True
    before = words.folded[hit.first - 1] if hit.first else ""
    if before in lists.surely_locative and not words.opens_sentence(hit.first):
        return True
    if before in lists.directions and words.tight(hit.first - 1):
        return True
    dateline = (
        words.shouted(hit.first)
        and words.opens_sentence(hit.first)
        and words.text[words.ends[hit.last] : words.ends[hit.last] + 2] in {", ", " (", " -", " —", " –"}
    )
    return dateline and largest.population > 0


def _is_rare(hit: Hit, countries: set[str | None], lists: Lists, people: set[str]) -> bool:
    """Say whether a name is hardly anything but a town of a country that the report is about: no surname, no word, few namesakes."""
    if (
        hit.key in people
        or hit.key in lists.surnames
        or hit.key in lists.given
        or hit.key in lists.ordinary
        or len(hit.key) < SHORTEST_RARE
    ):
        return False
    return len(hit.places) <= FEW and any(place.country in countries for place in hit.places)


def _contains(one: Hit, other: Hit, words: Words) -> bool:
    """Say whether the next name is a country or province after a comma: "Waco, Texas"."""
    gap = words.text[words.ends[one.stop] : words.starts[other.first]]
    return gap in {", ", ","} and any(place.kind in {"country", "province"} for place in other.places)


def _initial(words: Words, at: int) -> bool:
    """Say whether word ``at`` is an initial with its full stop: "John F. Kennedy"."""
    if at + 1 >= len(words) or len(words.folded[at]) != 1:
        return False
    return words.text[words.ends[at] : words.starts[at + 1]] == ". "
