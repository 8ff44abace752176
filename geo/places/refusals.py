"""Why a name in a text is no place there: a person, an organisation, a government, an ordinary word.

Each test looks at the words beside the name and gives the reason for refusing it, or ``None``.
"""

from geo.names import fold
from geo.places.gazetteer import Gazetteer
from geo.places.lists import Lists
from geo.places.scan import Hit
from geo.places.words import Words

REACH = 4  # words after a name in which an organisation's noun makes it a part of the organisation's name
SHORTEST_SMALL = 4  # letters of a name in small letters
WELL_KNOWN = 300_000  # people; a name of this size is seldom an ordinary word or a surname
# what can follow a country's letters ("in the US on Monday"), where a noun would make them an adjective ("US forces")
_AFTER_NOUN = frozenset(
    {
        "and",
        "or",
        "on",
        "in",
        "at",
        "to",
        "from",
        "for",
        "by",
        "with",
        "as",
        "after",
        "before",
        "where",
        "which",
        "who",
        "that",
        "since",
        "until",
    }
)
_AUXILIARIES = frozenset({"had", "have", "is", "was", "not"})
_QUOTES = frozenset("\"'“”«»„‘’")
_CONNECTORS = frozenset({"of", "for", "al", "de", "du", "el"})


def refuse(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]) -> str | None:
    """Give the reason for which a hit is no place, or ``None``."""
    if not hit.places:
        return "part of a name"
    if hit.key in lists.abbreviated and hit.first == hit.last:
        short = _abbreviation(hit, words, lists)
        if short is not False:
            return "ordinary word" if short else None
    return (
        _word(hit, words, gazetteer, lists)
        or _organisation(hit, words, lists, world=gazetteer.is_world)
        or (_street(hit, words, lists) if gazetteer.is_world else None)
        or _person(hit, words, gazetteer, lists, people)
        or (None if gazetteer.is_world else _people(hit, words, lists) or _government(hit, words, gazetteer, lists))
    )


def _abbreviation(hit: Hit, words: Words, lists: Lists) -> bool | None:
    """Settle a province's short form ("Waco, Tex."): its only meaning behind a comma or a party's letter, refused or left open elsewhere.

    ``None`` if it is the province, ``True`` if it must be refused, ``False`` if it may be another name.
    """
    at = hit.first
    before = words.text[max(0, words.starts[at] - 2) : words.starts[at]]
    named = at > 0 and words.upper[at - 1]
    meant = lists.abbreviations.get(_written(hit, words))
    short = {place for place in hit.places if place.place_id in lists.abbreviations.values() and fold(place.name) != hit.key}
    province = tuple(place for place in short if place.place_id == meant)
    if named and province and (before == ", " or (before[1:] == "-" and words.folded[at - 1] in {"d", "r", "i"})):
        hit.places = province
        return None
    hit.places = tuple(place for place in hit.places if place not in short)
    return not hit.places or len(hit.key) <= 2


def _written(hit: Hit, words: Words) -> str:
    """Give a name as it is written, without full stops."""
    return words.text[words.starts[hit.first] : words.ends[hit.last]].replace(".", "")


def _known(hit: Hit, gazetteer: Gazetteer) -> bool:
    """Say whether a name is sure to be a place's: a country, a big city, or one that the theatre's own file lists."""
    return any(place.kind in {"country", "region"} or place.population >= WELL_KNOWN or gazetteer.is_listed(place) for place in hit.places)


def _word(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists) -> str | None:  # noqa: PLR0911 -- one return for each reason
    key, at = hit.key, hit.first
    if key in lists.never or (len(key) < 2 and not any(char > "\u0590" for char in key)):
        return "ordinary word"
    if hit.first != hit.last:
        return None
    word = words.text[words.starts[at] : words.ends[at]]
    country = any(place.kind == "country" for place in hit.places) and len(key) > 3
    dateline = words.opens_sentence(at) and words.text[words.ends[at] : words.ends[at] + 1] == "," and len(key) > 2
    if (
        words.shouted(at)
        and len(key) <= 4
        and not (country or dateline)
        and not any(word in {place.name, *place.names} for place in hit.places)
    ):
        beside = [near for near in (at - 1, at + 1) if 0 <= near < len(words)]
        if not any(words.shouted(near) for near in beside):
            return "acronym"
    if len(key) <= 2 and word not in {name for place in hit.places for name in (place.name, *place.names)}:
        return "ordinary word"
    if words.informal and not words.upper[at]:
        return "ordinary word" if _is_plain(hit, gazetteer, lists) else None
    if key in lists.ordinary and not _known(hit, gazetteer):
        if words.opens_sentence(at) or not _located(hit, words, lists):
            return "ordinary word"
        if gazetteer.is_world and all(place.population < 20_000 for place in hit.places) and not hit.kinds:
            return "ordinary word"
    return None


def _is_plain(hit: Hit, gazetteer: Gazetteer, lists: Lists) -> bool:
    """Say whether a name in small letters is a word rather than a place that the writer did not care to write large."""
    if len(hit.key) < SHORTEST_SMALL or hit.key in lists.ordinary or hit.key in lists.given or hit.key in lists.titles:
        return True
    towns = [place for place in hit.places if place.kind != "province"]
    return not towns or (not gazetteer.is_world and not any(gazetteer.is_own(place) or gazetteer.is_listed(place) for place in towns))


def _located(hit: Hit, words: Words, lists: Lists) -> bool:
    """Say whether the words beside a name are those beside a place."""
    before = words.folded[hit.first - 1] if hit.first else ""
    after = words.folded[hit.last + 1] if words.joined(hit.last) else ""
    return bool(hit.kinds) or before in lists.locative or after in lists.locative_after


def _organisation(hit: Hit, words: Words, lists: Lists, *, world: bool) -> str | None:
    at = hit.last
    for _ in range(REACH):
        if not words.tight(at):
            break
        at += 1
        if words.upper[at]:
            if world and words.folded[at] in lists.institutions_of_place:
                return None
            if words.folded[at] in lists.organisation_after and not words.shouted(hit.first) | words.opens_sentence(at):
                return "part of an organisation's name"
        elif at == hit.last + 1 or words.folded[at] not in _CONNECTORS:
            break
    if _is_unit(hit, words, lists):
        return "part of an organisation's name"
    before = hit.first - 1
    if before >= 1 and words.folded[before] in {"of", "in"} and words.joined(before) and words.joined(before - 1):
        head = before - 1
        if words.upper[head] and words.folded[head] in lists.organisation_before:
            return "part of an organisation's name"
    return None


def _is_unit(hit: Hit, words: Words, lists: Lists) -> bool:
    """Say whether a name is a unit's, in any case ("Vostok battalion") or between quotation marks (the group "Luhansk")."""
    beside = {words.folded[near] for near in (hit.first - 1, hit.last + 1) if 0 <= near < len(words)}
    before = words.text[words.starts[hit.first] - 1] if words.starts[hit.first] else " "
    after = words.text[words.ends[hit.last] : words.ends[hit.last] + 1]
    if before in _QUOTES and after in _QUOTES and after:
        return bool(beside & (lists.organisation_after | lists.institutions))
    return words.tight(hit.last) and words.folded[hit.last + 1] in lists.units


def _street(hit: Hit, words: Words, lists: Lists) -> str | None:
    at = hit.last + 1
    if words.tight(hit.last) and words.upper[at] and words.folded[at] in lists.streets:
        return "name of a street"
    return None


def _person(  # noqa: PLR0911 -- one return for each reason
    hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]
) -> str | None:
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
        if words.tight(before) and near not in lists.directions:
            if near in lists.given and near not in lists.ordinary:
                people.add(hit.key)
                return "person's name"
            if (
                near not in lists.ordinary
                and near not in lists.classes
                and not words.shouted(before)
                and _longer(hit, words, gazetteer, lists)
            ):
                return "part of a longer name"
    if words.tight(last) and not hit.followed:
        reason = _runs_on(hit, words, gazetteer, lists, people)
        if reason:
            return reason
    if first == last and hit.key in lists.given_abroad and _by_nickname(hit, words, lists):
        return "person's name"
    if hit.key in people and not _known(hit, gazetteer):
        return "person's name"
    return None


def _by_nickname(hit: Hit, words: Words, lists: Lists) -> bool:
    """Say whether a name that is also a given one is a place's only by an alias, with nothing beside it that tells a place."""
    return all(fold(place.name) != hit.key for place in hit.places) and not _located(hit, words, lists)


def _runs_on(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]) -> str | None:
    """Say whether a name goes on after a hit: "Sidney Powell", "Khan al-Asal" where only "Khan" is known."""
    at = hit.last + 1
    if words.is_article(at):
        return "part of a longer name"
    if not words.upper[at] or words.shouted(at):
        return None
    after = words.folded[at]
    initial = len(after) == 1
    if (hit.key in lists.given or initial) and (after not in lists.ordinary or initial):
        people.add(after)
        return "person's name"
    if after in lists.ordinary or after in lists.never or after in lists.classes or after in lists.between:
        return None
    if gazetteer.longest(after) and gazetteer.is_world:
        return None
    return None if of_people(after) or gazetteer.lookup(after) else "part of a longer name"


def _longer(hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists) -> bool:
    """Say whether a capitalised word before a name makes it a part of a longer one that no gazetteer has."""
    near = words.folded[hit.first - 1]
    # "Syrian Aleppo": a people's name before the place's
    return near not in lists.never and not of_people(near) and not gazetteer.lookup(near)


def of_people(word: str) -> bool:
    """Say whether a folded word ends like a people's name ("syrian", "turkish")."""
    return word.endswith(("ian", "ish", "ese", "ans", "ians", "i", "is"))


def _people(hit: Hit, words: Words, lists: Lists) -> str | None:
    """Refuse a province's name that is its people's ("Amhara militias", "Kachin fighters")."""
    if hit.kinds or any(place.kind not in {"province", "region", "district"} for place in hit.places) or not words.tight(hit.last):
        return None
    return "name of a people" if words.folded[hit.last + 1] in lists.people_after else None


def _government(  # noqa: PLR0911 -- one return for each reason
    hit: Hit, words: Words, gazetteer: Gazetteer, lists: Lists
) -> str | None:
    place = next((place for place in hit.places if place.kind == "country" or gazetteer.is_capital(place)), None)
    if place is None:
        return None
    capital = gazetteer.is_capital(place)
    after = words.folded[hit.last + 1] if hit.last + 1 < len(words) else ""
    if words.hyphenated(hit.last) and after in lists.joined:
        return "stands for a government"
    before, located, strong = _prepositions(hit, words, lists)
    if after == "s" and hit.last + 2 < len(words):
        return None if _has_places(words, hit.last + 2, lists) else "stands for a government"
    if words.tight(hit.last) and after in lists.institutions and not words.upper[hit.last + 1]:
        return "stands for a government"
    if words.shouted(hit.first) and len(hit.key) <= 3 and words.tight(hit.last) and after not in _AFTER_NOUN:
        return "stands for a government"
    then = hit.last + 2 if after in _AUXILIARIES else hit.last + 1
    if then < len(words) and words.folded[then] in lists.government_after and words.joined(then - 1) and not strong:
        return "stands for a government"
    begins = words.opens_sentence(hit.first)
    if gazetteer.is_own(place):
        return "stands for a government" if before in lists.government_before and capital and not begins else None
    comma = hit.first > 0 and words.text[words.ends[hit.first - 1] : words.starts[hit.first]].strip() == ","
    follows = words.text[words.ends[hit.last] : words.ends[hit.last] + 2]
    dateline = words.shouted(hit.first) or (begins and follows in {", ", " —", " -", " –"})
    if located or comma or dateline or after in lists.locative_after:
        return None
    return "stands for a government"


def _prepositions(hit: Hit, words: Words, lists: Lists) -> tuple[str, bool, bool]:
    """Give the word before a name, articles passed over, and whether what stands beside it places it at all, and for sure."""
    at = hit.first - 1
    if at > 0 and words.folded[at] == "the":
        at -= 1
    before = words.folded[at] if at >= 0 else ""
    located = bool(hit.kinds) or (not words.opens_sentence(hit.first) and before in lists.locative)
    border = before == "with" and at > 0 and words.folded[at - 1] in lists.locative_after
    return before, located, located and (border or before == "of" or before not in lists.weak_locative)


def _has_places(words: Words, at: int, lists: Lists) -> bool:
    """Say whether what a capital or country is said to have is a part of it ("Damascus's suburbs"), not of its state ("Kyiv's troops")."""
    last = at
    while last < at + 3 and words.tight(last):
        last += 1
    owned = words.folded[at : last + 1]
    if any(word in lists.institutions for word in owned):
        return False
    return any(word in lists.classes or word in lists.parts for word in owned)
