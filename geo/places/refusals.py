"""Why a name in a text is no place there: a person, an organisation, a government, an ordinary word.

Each test looks at the words beside the name and gives the reason for refusing it, or ``None``.
"""

from geo.places.gazetteer import SETTLEMENTS, Gazetteer
from geo.places.lists import Lists
from geo.places.scan import Hit
from geo.places.words import Words

REACH = 4  # words after a name in which an organisation's noun makes it a part of the organisation's name
WELL_KNOWN = 300_000  # people; a name of this size is seldom an ordinary word or a surname
_CONNECTORS = frozenset({"of", "for", "and", "the", "al", "de", "du", "el"})


def refuse(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]) -> str | None:
    """Give the reason for which a hit is no place, or ``None``."""
    if not hit.places:
        return "part of a name"
    return (
        _word(hit, words, gazetteer, lists)
        or _organisation(hit, words, lists)
        or _person(hit, words, gazetteer, lists, people)
        or (None if gazetteer.is_world else _government(hit, words, gazetteer, lists))
    )


def _known(hit: Hit, gazetteer: Gazetteer) -> bool:
    """Say whether a name is sure to be a place's: a country, a big city, or one that the theatre's own file lists."""
    return any(
        place.kind in {"country", "region"} or place.population >= WELL_KNOWN or (not place.place_id.startswith("gn:") and gazetteer.is_own(place))
        for place in hit.places
    )


def _word(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists) -> str | None:
    key, at = hit.key, hit.first
    if key in lists.never or (len(key) < 2 and not any("\u0590" < char for char in key)):
        return "ordinary word"
    if hit.first != hit.last:
        return None
    word = words.text[words.starts[at] : words.ends[at]]
    if words.shouted(at) and len(key) <= 4 and not any(word in {place.name, *place.names} for place in hit.places):
        beside = [near for near in (at - 1, at + 1) if 0 <= near < len(words)]
        if not any(words.shouted(near) for near in beside):
            return "acronym"
    if len(key) <= 2 and word not in {name for place in hit.places for name in (place.name, *place.names)}:
        return "ordinary word"
    if key in lists.ordinary and not _known(hit, gazetteer):
        if words.caseless or words.opens_sentence(at) or not _located(hit, words, lists):
            return "ordinary word"
        if gazetteer.is_world and all(place.population < 20_000 for place in hit.places) and not hit.kinds:
            return "ordinary word"
    if words.caseless and (len(key) < 4 or key in lists.ordinary):
        return "ordinary word"
    return None


def _located(hit: Hit, words: Words, lists: Lists) -> bool:
    """Say whether the words beside a name are those beside a place."""
    before = words.folded[hit.first - 1] if hit.first else ""
    after = words.folded[hit.last + 1] if words.joined(hit.last) else ""
    return bool(hit.kinds) or before in lists.locative or after in lists.locative_after


def _organisation(hit: Hit, words: Words, lists: Lists) -> str | None:
    at = hit.last
    for _ in range(REACH):
        if not words.joined(at):
            break
        at += 1
        if words.upper[at]:
            if words.folded[at] in lists.organisation_after and not words.shouted(hit.first) | words.opens_sentence(at):
                return "part of an organisation's name"
        elif words.folded[at] not in _CONNECTORS:
            break
    before = hit.first - 1
    if before >= 1 and words.folded[before] in {"of", "in"} and words.joined(before) and words.joined(before - 1):
        head = before - 1
        if words.upper[head] and words.folded[head] in lists.organisation_before:
            return "part of an organisation's name"
    return None


def _person(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]) -> str | None:
    first, last = hit.first, hit.last
    if hit.kinds and hit.last != hit.first:
        return None
    before = first - 1
    if before >= 0 and words.upper[before] and not words.shouted(first):
        near = words.folded[before]
        gap = words.text[words.ends[before] : words.starts[first]]
        if near in lists.titles and gap in {" ", ". "} and not (near in lists.weak_titles and words.opens_sentence(before)):
            people.add(hit.key)
            return "person's name"
        if words.joined(before) and gap != "\n" and near not in lists.directions:
            if near in lists.given and near not in lists.ordinary:
                people.add(hit.key)
                return "person's name"
            if near not in lists.ordinary and near not in lists.classes and not words.shouted(before) and _longer(hit, words, gazetteer, before):
                people.add(hit.key)
                return "part of a longer name"
    if words.joined(last) and words.upper[last + 1] and not words.shouted(last + 1) and not hit.kinds:
        after = words.folded[last + 1]
        initial = len(after) == 1
        if (hit.key in lists.given or initial) and (after not in lists.ordinary or initial):
            people.add(after)
            return "person's name"
        if gazetteer.is_world and after not in lists.ordinary and not gazetteer.longest(after):
            return "part of a longer name"
    if hit.key in people and not _known(hit, gazetteer):
        return "person's name"
    return None


def _longer(hit: Hit, words: Words, gazetteer: Gazetteer, before: int) -> bool:
    """Say whether a capitalised word before a name makes it a part of a longer one that no gazetteer has."""
    near = words.folded[before]
    if words.opens_sentence(before) and near in {"the", "a", "in", "at", "from", "to", "near"}:
        return False
    # "Syrian Aleppo", "Rebel Idlib": a people's or a side's name before the place's
    return not near.endswith(("ian", "ish", "ese", "an", "i", "s")) and not gazetteer.lookup(near)


def _government(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists) -> str | None:
    place = hit.places[0]
    capital = gazetteer.is_capital(place)
    if place.kind != "country" and not capital:
        return None
    after = words.folded[hit.last + 1] if hit.last + 1 < len(words) else ""
    if words.hyphenated(hit.last) and after in lists.joined:
        return "stands for a government"
    before = words.folded[hit.first - 1] if hit.first else ""
    begins = words.opens_sentence(hit.first)
    comma = hit.first > 0 and words.text[words.ends[hit.first - 1] : words.starts[hit.first]].strip() == ","
    follows = after in lists.government_after and (words.joined(hit.last) or after == "s")
    located = bool(hit.kinds) or (not begins and before in lists.locative)
    strong = located and before not in lists.weak_locative
    if follows and not (strong and after != "s") and not (strong and place.kind in SETTLEMENTS):
        return "stands for a government"
    if gazetteer.is_own(place):
        return "stands for a government" if before in lists.government_before and capital and not begins else None
    dateline = words.shouted(hit.first) or (begins and words.text[words.ends[hit.last] : words.ends[hit.last] + 2] in {", ", " —", " -", " –"})
    if located or comma or dateline or after in lists.locative_after:
        return None
    return "stands for a government"

