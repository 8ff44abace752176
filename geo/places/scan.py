"""Names in a text: the longest ones of a gazetteer, in one pass over the words that can begin one."""

from dataclasses import dataclass

from geo.names import ARTICLES, drop_articles
from geo.places.gazetteer import Gazetteer
from geo.places.lists import Lists
from geo.places.words import Words
from geo.records import Place

PREFIXES = "وبلفك"
REACH = 3  # words behind a name among which its class word is sought
SHORTEST_PREFIXED = 3  # letters


@dataclass(slots=True, kw_only=True)
class Hit:
    """A name found in a text: words ``first`` to ``last`` (inclusive), and what it can mean.

    ``kinds`` are those that a class word beside the name allows, empty where none stands there;
    ``class_word`` is that word; ``stop`` is the last word of the span with the class word. ``definite`` says that "the" stands before it;
    ``followed`` that the class word stands behind it. ``skip`` counts letters of the first word that are no part of the name.
    """

    first: int
    last: int
    key: str
    places: tuple[Place, ...]
    method: str
    kinds: tuple[str, ...] = ()
    class_word: str | None = None
    stop: int = -1
    definite: bool = False
    followed: bool = False
    skip: int = 0
    refused: str | None = None
    likeness: float = 1.0


def scan(words: Words, gazetteer: Gazetteer, names: dict[str, int], lists: Lists) -> list[Hit]:
    """Give the hits of a gazetteer, in text order, none overlapping.

    Parameters
    ----------
    names
        Other names that must not be cut into places ("Arakan Army"), folded, by their first word: longest length in words.
        A hit on one of them has no places.
    """
    hits: list[Hit] = []
    small = words.caseless or (words.informal and not gazetteer.is_world)
    after = 0
    for at in range(len(words)) if small else words.beginnings():
        if at >= after:
            hit = _longest(words, at, gazetteer, names, lists)
            if hit is not None:
                hits.append(hit)
                after = hit.last + 1
    return hits


def _longest(words: Words, at: int, gazetteer: Gazetteer, names: dict[str, int], lists: Lists) -> Hit | None:
    first = words.folded[at]
    longest = max(gazetteer.longest(first), names.get(first, 0), gazetteer.longest_bare(first))
    if not longest:
        return _prefixed(words, at, gazetteer) if "\u0600" < first[0] < "\u06ff" else None
    last = at
    while last - at + 1 < longest and words.joined(last) and _can_go_on(words, last + 1, gazetteer, lists):
        last += 1
    for stop in range(last, at - 1, -1):
        tail = words.folded[stop]
        if stop > at and not (words.upper[stop] or words.informal or tail in lists.classes or tail.isdigit() or words.uncased(stop)):
            continue
        if words.folded[stop] in ARTICLES and stop == at:
            continue
        key = first if stop == at else " ".join(words.folded[at : stop + 1])
        if names.get("\0" + key):
            return Hit(first=at, last=stop, key=key, places=(), method="name", stop=stop)
        places = gazetteer.lookup(key)
        method = "exact"
        if not places:
            places, method = gazetteer.without_articles(drop_articles(key)), "article"
        if not places:
            # "Kweires" alone is no place's name, "Kweires airbase" is: the class word must follow
            places, method = gazetteer.without_class(key), "class"
        if places:
            # "Idlib province" is a name of its own in a theatre, but its span is "Idlib"
            outside = stop > at and lists.classes.get(tail) in (("province",), ("district",))
            return Hit(first=at, last=stop, key=key, places=places, method=method, stop=stop - outside)
    return _prefixed(words, at, gazetteer) if "\u0600" < first[0] < "\u06ff" else None


def _can_go_on(words: Words, at: int, gazetteer: Gazetteer, lists: Lists) -> bool:
    """Say whether a name can hold word ``at``: a capital, a small word that stands inside names, a number."""
    word = words.folded[at]
    return words.upper[at] or word in lists.inner or word in gazetteer.inner or words.informal or word.isdigit() or words.uncased(at)


def _prefixed(words: Words, at: int, gazetteer: Gazetteer) -> Hit | None:
    """Find an Arabic name behind a letter that is written together with it: "and", "in", "to", "then", "like"."""
    key = words.folded[at]
    if key[0] in PREFIXES and len(key) > SHORTEST_PREFIXED and words.text[words.starts[at]] == key[0]:
        places = gazetteer.lookup(key[1:])
        if places:
            return Hit(first=at, last=at, key=key[1:], places=places, method="exact", stop=at, skip=1)
    return None


def add_class(hit: Hit, words: Words, lists: Lists) -> None:
    """Note the class word beside a name: "Idlib province", "the town of Rastan", "Hmeimim air base"."""
    hit.definite = hit.first > 0 and words.folded[hit.first - 1] == "the"
    if hit.first < hit.last and words.folded[hit.last] in lists.classes:
        hit.class_word = words.folded[hit.last]
    at = hit.last
    while at < hit.last + REACH and words.tight(at):
        at += 1
        kinds = lists.classes.get(words.folded[at])
        if kinds:
            # the last of several counts: "Aleppo city airport", "a field hospital"
            hit.kinds, hit.class_word, hit.followed = kinds, words.folded[at], True
            hit.stop = at if kinds[0] in lists.span_kinds else hit.last
        elif words.folded[at] not in lists.between:
            break
    if hit.followed:
        return
    before = hit.first - 1
    if before >= 1 and words.folded[before] == "of" and words.joined(before):
        before -= 1
        kinds = lists.classes.get(words.folded[before])
        if kinds and words.joined(before) and kinds[0] not in {"road", "facility"}:
            hit.kinds, hit.class_word = kinds, words.folded[before]
