"""Place names of a report, found, refused or resolved: the room's main stage."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from geo.names import fold
from geo.places.derived import at_facility, join_roads
from geo.places.gazetteer import Gazetteer
from geo.places.lists import load_lists, with_theatre
from geo.places.matching import match_inexact, suggest
from geo.places.refusals import refuse
from geo.places.resolve import Choice, Context, choose, choose_nested, gather
from geo.places.scan import Hit, add_class, scan
from geo.places.support import find_people, refuse_unsupported
from geo.places.unknown import MAYBE, UNKNOWN, find_unknown
from geo.places.words import Words
from geo.records import Place, Report, Toponym
from geo.theatre import Theatre

ROUNDS_IN_WORLD = 2  # the second hears the first one's choices; in a theatre most names have one place


class ToponymFinder:
    """Finds the place names of reports with one gazetteer.

    Parameters
    ----------
    gazetteer
        Where names are looked up.
    theatre
        Whose actors' names are not cut into places; ``None`` in the world.
    """

    def __init__(self, gazetteer: Gazetteer, theatre: Theatre | None = None) -> None:
        self.gazetteer = gazetteer
        self.lists = with_theatre(load_lists(), theatre.settings.get("words", {})) if theatre else load_lists()
        self._suggested: dict[str, tuple[str, ...]] = {}
        self._names = _actor_names(theatre, gazetteer)

    def find(self, report: Report) -> list[Toponym]:
        """Give the place names of a report in text order, the refused ones among them."""
        words = Words(report.text)
        hits = scan(words, self.gazetteer, self._names, self.lists)
        people = find_people(words, self.lists)
        for hit in hits:
            if hit.places:
                add_class(hit, words, self.lists)
                self._of_class(hit)
        hits = list(_apart(hit for hit in hits if hit.method != "class" or any(place.kind in hit.kinds for place in hit.places)))
        for hit in hits:
            hit.refused = refuse(hit, words, self.gazetteer, self.lists, people)
        if self.gazetteer.is_world:
            refuse_unsupported(hits, words, self.lists, people)
        else:
            more = find_unknown(hits, words, self.gazetteer, self.lists, people)
            covered = {at for hit in more for at in range(hit.first, hit.stop + 1)}
            left = (hit for hit in hits if hit.refused is None or covered.isdisjoint(range(hit.first, hit.last + 1)))
            hits = sorted([*left, *more], key=lambda hit: hit.first)
        kept = [hit for hit in hits if hit.refused is None]
        choices = self._resolve(kept, words)
        told: list[tuple[Hit, Choice | None]] = [
            (hit, at_facility(hit, choice, self.lists)) for hit, choice in join_roads(kept, choices, words)
        ]
        told += [(hit, None) for hit in hits if hit.refused in {UNKNOWN, MAYBE} or (hit.refused is not None and hit.places)]
        return [self._toponym(report, words, hit, choice) for hit, choice in sorted(told, key=lambda row: row[0].first)]

    def _of_class(self, hit: Hit) -> None:
        """Let a class word bring in the places that carry it in their own name."""
        if hit.kinds and not self.gazetteer.is_world:
            more = [place for place in self.gazetteer.without_class(hit.key) if place.kind in hit.kinds and place not in hit.places]
            hit.places = (*hit.places, *more)
        if self._is_abroad(hit):
            # a city abroad that nobody listed may be one of the theatre's own in another spelling
            matches = match_inexact(hit.key, self.gazetteer, hit.kinds)
            if matches:
                hit.places, hit.method, hit.likeness = tuple(match.place for match in matches), matches[0].method, matches[0].score

    def _is_abroad(self, hit: Hit) -> bool:
        if self.gazetteer.is_world or not hit.places:
            return False
        ours = any(self.gazetteer.is_own(place) or self.gazetteer.is_listed(place) for place in hit.places)
        return not ours and all(place.kind == "city" and not self.gazetteer.is_capital(place) for place in hit.places)

    def _resolve(self, hits: list[Hit], words: Words) -> dict[int, Choice]:
        """Choose a place for each hit: by itself first, then by what the report nests it in and by all its other places."""
        chosen = {id(hit): choose(hit, self.gazetteer) for hit in hits}
        open_hits = [hit for hit in hits if len(hit.places) > 1]
        nested = [(inner, outer) for inner, outer in _nested(hits, words) if len(inner.places) > 1 or len(outer.places) > 1]
        for _ in range(ROUNDS_IN_WORLD if self.gazetteer.is_world else 1):
            if open_hits:
                context = gather([(hit, chosen[id(hit)].place) for hit in hits])
                chosen |= self._choose_all(open_hits, nested, context)
        return chosen

    def _choose_all(self, hits: list[Hit], nested: list[tuple[Hit, Hit]], context: Context) -> dict[int, Choice]:
        chosen: dict[int, Choice] = {}
        by_key: dict[tuple[str, tuple[str, ...], bool], Choice] = {}
        for inner, outer in nested:
            holder = choose_nested(inner, outer, self.gazetteer, context)
            if len(outer.places) > 1:
                chosen[id(outer)] = choose(replace(outer, places=(holder,)), self.gazetteer)
            chosen[id(inner)] = choose(inner, self.gazetteer, context, holder)
            # said once, it holds for the whole report
            by_key.setdefault((inner.key, inner.kinds, inner.definite), chosen[id(inner)])
        for hit in hits:
            if id(hit) not in chosen:
                same = hit.key, hit.kinds, hit.definite
                if same not in by_key:
                    by_key[same] = choose(hit, self.gazetteer, context)
                chosen[id(hit)] = by_key[same]
        return chosen

    def _toponym(self, report: Report, words: Words, hit: Hit, choice: Choice | None) -> Toponym:
        start, end = words.starts[hit.first] + hit.skip, words.ends[hit.stop]
        place: Place | None = choice.place if choice else None
        return Toponym(
            report_id=report.id, text=report.text[start:end], start=start, end=end, place=place, match=hit.method if place else None,
            score=round(choice.score * hit.likeness, 3) if choice else 0.0,
            runner_up=choice.runner_up.place_id if choice and choice.runner_up else None,
            runner_up_km=choice.runner_up_km if choice else None, warning="homonym" if choice and choice.close else None,
            refused=hit.refused, suggestions=self._suggest(hit.key) if hit.refused in {UNKNOWN, MAYBE} else (), class_word=hit.class_word,
        )  # fmt: skip

    def _suggest(self, key: str) -> tuple[str, ...]:
        if key not in self._suggested:
            self._suggested[key] = suggest(key, self.gazetteer)
        return self._suggested[key]


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Leave out the hits that a class word took into the span of the one before ("Road" of "Castello Road")."""
    end = -1
    for hit in hits:
        if hit.first > end:
            yield hit
            end = hit.stop


def _nested(hits: list[Hit], words: Words) -> Iterator[tuple[Hit, Hit]]:
    """Pair names that the text nests: "X, Y", "X in Y", "the X quarter of Y", "X, near Y" (inner, outer)."""
    for inner, outer in itertools.pairwise(hits):
        gap = words.text[words.ends[inner.stop] : words.starts[outer.first]].strip().lower()
        between = words.folded[inner.last + 1 : outer.first]
        if gap == "," or (len(between) <= 4 and between and between[-1] in {"of", "in", "near", "s", "outside"} and "and" not in between):
            yield inner, outer


def _actor_names(theatre: Theatre | None, gazetteer: Gazetteer) -> dict[str, int]:
    """Index the names of actors that hold or are a place's name, so that it is not cut out of them."""
    table: dict[str, int] = {}
    for actor in theatre.actors if theatre else ():
        for name in (actor.name, actor.short, *actor.aliases, *actor.sources):
            key = fold(name)
            first, _, rest = key.partition(" ")
            places = gazetteer.lookup(key)
            if not key or any(place.kind in {"country", "city", "province"} for place in places):
                continue
            table["\0" + key] = 1
            table[first] = max(table.get(first, 0), 1 + (rest.count(" ") + 1 if rest else 0))
    return table
