"""Names that no gazetteer has as written: matched to a respelling, or kept as what looks like a place.

A run of capitalised words that no hit covers is looked at where the words beside it are those
beside a place: a class word ("the village of X"), a preposition ("near X"), a resolved place in the same list or behind a comma.
"""

from collections.abc import Iterator

from geo.names import ARTICLES
from geo.places.gazetteer import Gazetteer
from geo.places.lists import Lists
from geo.places.matching import match_inexact
from geo.places.refusals import of_people
from geo.places.scan import Hit, add_class
from geo.places.words import Words

UNKNOWN = "not in the gazetteer"  # surely a place, which no gazetteer has
MAYBE = "perhaps a place, not in the gazetteer"
LONGEST = 5  # words; a longer run of capitals is a headline
TIE = 0.02  # respellings this near in likeness are homonyms, among which the report's other places choose
SURE = 0.95  # likeness from which a respelling needs no words beside it


def find_unknown(hits: list[Hit], words: Words, gazetteer: Gazetteer, lists: Lists, people: set[str]) -> list[Hit]:
    """Give hits for the runs that look like places: respelled ones with places, others refused as :data:`UNKNOWN`."""
    good = {at: hit for hit in hits if hit.refused is None for at in range(hit.first, hit.stop + 1)}
    taken = set(good) | {at for hit in hits if hit.refused not in (None, "part of a longer name") for at in range(hit.first, hit.last + 1)}
    found = []
    for first, last in _runs(words, taken, lists):
        key = " ".join(words.folded[first : last + 1])
        hit = Hit(first=first, last=last, key=key, places=(), method="none", stop=last)
        if _is_other(hit, words, lists, people):
            continue
        add_class(hit, words, lists)
        evidence = _evidence(hit, words, lists, good)
        matches = match_inexact(key, gazetteer, hit.kinds) if evidence or not words.opens_sentence(first) else []
        if matches and (evidence or matches[0].score >= SURE):
            best = matches[0]
            hit.places = tuple(match.place for match in matches if match.score >= best.score - TIE)
            hit.method, hit.likeness = best.method, best.score
            found.append(hit)
        elif evidence:
            hit.refused = UNKNOWN if evidence > 1 else MAYBE
            found.append(hit)
    return found


def _runs(words: Words, taken: set[int], lists: Lists) -> Iterator[tuple[int, int]]:
    at, end = 0, len(words)
    while at < end:
        if at in taken or not (words.upper[at] or words.is_article(at)):
            at += 1
            continue
        last = at
        while last + 1 < end and last + 1 not in taken and words.tight(last) and (words.upper[last + 1] or words.is_article(last + 1)):
            last += 1
        first, stop = _trim(at, last, words, lists)
        if (
            first <= stop < first + LONGEST
            and not (stop + 1 in taken and words.tight(stop))
            and not (first - 1 in taken and words.tight(first - 1))
        ):
            yield first, stop
        at = last + 1


def _trim(first: int, last: int, words: Words, lists: Lists) -> tuple[int, int]:
    """Take ordinary words off both ends of a run: "In Khan Tuman", "Khan Tuman Monday"."""
    while first <= last and (_plain(words.folded[first], lists) or words.folded[first] in lists.directions):
        if (
            not words.opens_sentence(first)
            and words.folded[first] not in lists.directions
            and words.folded[first] not in lists.never
            and first < last
        ):
            break
        first += 1
    while last >= first and (words.folded[last] in lists.never or words.folded[last] in lists.classes or words.folded[last] in ARTICLES):
        last -= 1
    return first, last


def _plain(word: str, lists: Lists) -> bool:
    return word in lists.ordinary or word in lists.never


def _is_other(hit: Hit, words: Words, lists: Lists, people: set[str]) -> bool:
    """Say whether a run is an acronym, a person, a people, an organisation or a plain word."""
    first, last, key = hit.first, hit.last, hit.key
    parts = words.folded[first : last + 1]
    if len(key) < 4 or any(len(part) < 2 or part[0].isdigit() for part in parts) or key in people or parts[-1] in people:
        return True
    if all(words.shouted(at) for at in range(first, last + 1)) or any(
        part in lists.organisation_after or part in lists.titles for part in parts
    ):
        return True
    if parts[0] in lists.given or (len(parts) == 1 and (of_people(parts[0]) or _plain(parts[0], lists))):
        return True
    if last + 1 < len(words) and words.tight(last) and words.folded[last + 1] in lists.joined and words.hyphenated(last):
        return True
    return first > 0 and words.upper[first - 1] and words.folded[first - 1] in lists.titles


def _evidence(hit: Hit, words: Words, lists: Lists, good: dict[int, Hit]) -> int:
    """Weigh the words beside a run: 2 for a class word or a place in the same list, 1 for a preposition, 0 for neither."""
    if hit.class_word is not None:
        return 2
    if _beside(hit.first, -1, words, good) or _beside(hit.last, 1, words, good):
        return 2
    before = words.folded[hit.first - 1] if hit.first else ""
    if not words.opens_sentence(hit.first) and before in lists.locative and before not in lists.weak_locative:
        return 1
    return 0


def _beside(at: int, step: int, words: Words, good: dict[int, Hit]) -> bool:
    """Say whether a resolved place stands beside a word, parted by a comma or "and" alone."""
    other = at + step
    if not 0 <= other < len(words):
        return False
    left, right = min(at, other), max(at, other)
    if other in good and words.text[words.ends[left] : words.starts[right]].strip() in {",", "/", "–", "&"}:
        return good[other].places[0].kind != "country"
    far = other + step
    return (
        words.folded[other] in {"and", "or", "in", "near"}
        and far in good
        and good[far].places[0].kind != "country"
        and (step > 0 or words.folded[other] in {"and", "or"})
    )
