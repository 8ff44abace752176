"""The word lists of ``data/places``, read once: classes of places, persons, organisations, governments, ordinary words."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.names import ARTICLES, fold
from geo.resources import data_path

# the keys of a theatre's table ``words``, and the kinds that they stand for
THEATRE_WORDS = {"countryside": ("region",), "admin2": ("district",), "admin1": ("province",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Folded words by what they tell of a name beside them.

    ``classes`` maps a class word to the kinds that it stands for, the most likely first; ``abbreviations`` maps
    short forms to provinces' place ids.
    """

    classes: dict[str, tuple[str, ...]]
    span_kinds: frozenset[str]
    between: frozenset[str]
    directions: frozenset[str]
    locative: frozenset[str]
    weak_locative: frozenset[str]
    surely_locative: frozenset[str]
    locative_after: frozenset[str]
    government_after: frozenset[str]
    government_before: frozenset[str]
    joined: frozenset[str]
    institutions: frozenset[str]
    parts: frozenset[str]
    people_after: frozenset[str]
    titles: frozenset[str]
    weak_titles: frozenset[str]
    given: frozenset[str]
    given_abroad: frozenset[str]
    organisation_after: frozenset[str]
    organisation_before: frozenset[str]
    institutions_of_place: frozenset[str]
    units: frozenset[str]
    streets: frozenset[str]
    never: frozenset[str]
    inner: frozenset[str]
    abbreviations: dict[str, str]
    abbreviated: frozenset[str]
    ordinary: frozenset[str]
    surnames: frozenset[str]


@functools.cache
def load_lists() -> Lists:
    """Read the lists that ship."""
    table = tomllib.loads(data_path("places", "words.toml").read_text(encoding="utf-8"))
    names = tomllib.loads(data_path("places", "names.toml").read_text(encoding="utf-8"))
    classes: dict[str, tuple[str, ...]] = {}
    for kind, row in table["class"].items():
        classes |= dict.fromkeys(map(fold, row["words"]), tuple(row.get("kinds", (kind,))))
    return Lists(
        classes=classes,
        span_kinds=_words(table["span"]["kinds"]),
        between=_words(table["between"]["words"]),
        directions=_words(table["direction"]["words"]),
        locative=_words(table["locative"]["before"]),
        weak_locative=_words(table["locative"]["weak"]),
        surely_locative=_words(table["locative"]["sure"]),
        locative_after=_words(table["locative"]["after"]),
        government_after=_words(table["government"]["after"]),
        government_before=_words(table["government"]["before"]),
        joined=_words(table["government"]["joined"]),
        institutions=_words(table["government"]["institutions"]),
        parts=_words(table["government"]["parts"]),
        people_after=_words(table["people"]["after"]),
        titles=_words(table["person"]["titles"]),
        weak_titles=_words(table["person"]["weak_titles"]),
        given=(_words(table["person"]["given"]) | _lines("given-names.txt")) - _words(table["never"]["words"]),
        given_abroad=_words(table["person"]["given"]),
        organisation_after=_words(table["organisation"]["after"]),
        organisation_before=_words(table["organisation"]["before_of"]),
        institutions_of_place=_words(table["organisation"]["of_place"]),
        units=_words(table["organisation"]["units"]),
        streets=_words(table["street"]["after"]),
        abbreviated=frozenset(fold(short) for row in names["abbreviation"].values() for short in row),
        abbreviations={short.replace(".", ""): f"gn:{key}" for key, row in names["abbreviation"].items() for short in row},
        inner=frozenset(classes) | ARTICLES | _words(table["between"]["words"]) | _words(table["inner"]["words"]),
        never=_words(table["never"]["words"]),
        ordinary=_lines("ordinary.txt"),
        surnames=_lines("surnames.txt"),
    )


def with_theatre(lists: Lists, words: Mapping[str, Sequence[str]]) -> Lists:
    """Add a theatre's own class words (its table ``words``): what its press calls provinces, districts, and the land around a town."""
    classes = dict(lists.classes)
    if words.get("admin1"):
        # where the press has its word for a province, another is none: "the Aleppo region" is the land around the city
        classes |= {word: ("region",) for word, kinds in classes.items() if len(kinds) > 1 and kinds[0] == "province"}
    for key, kinds in THEATRE_WORDS.items():
        for word in map(fold, words.get(key, ())):
            if word and " " not in word:
                classes[word] = (*kinds, *(kind for kind in classes.get(word, ()) if kind not in kinds))
    return replace(lists, classes=classes, inner=lists.inner | frozenset(classes))


def _words(words: list[str]) -> frozenset[str]:
    return frozenset(map(fold, words))


def _lines(name: str) -> frozenset[str]:
    return frozenset(data_path("places", name).read_text(encoding="utf-8").split())
