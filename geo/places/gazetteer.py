"""The places that a text can mean: GeoNames below, a theatre's own above it, a user's imports on top.

A theatre's gazetteer is held in memory; the world's stays in the index and is read by the first word of a name as texts ask for it.
"""

import functools
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from geo.names import ARTICLES, drop_articles, fold, halves, skeleton
from geo.places.imports import ALL, imported_path, read_imported
from geo.places.index import keys_of, open_index, open_read_only, read_capitals, read_famous, read_places
from geo.places.lists import load_lists
from geo.places.merge import complete, merge, same_place
from geo.records import Place
from geo.theatre import Theatre

SHORTEST_SLIP = 11  # letters; of shorter names at one slip most are other places


class Gazetteer:
    """Places and the index of their folded names.

    ``places`` are those of the theatre's own countries (none for ``world``, whose places are read
    on demand). Beside them :meth:`lookup` knows the other countries, and the cities abroad that a report may write.
    """

    def __init__(self, places: Iterable[tuple[Place, Sequence[str]]] = (), *, name: str = "", countries: Sequence[str] = ()) -> None:
        local = list(places)
        self.name = name
        self.is_world = False
        self.countries = frozenset(countries)
        self.places = tuple(place for place, _ in local if place.country in self.countries or not self.countries)
        self._by_id = {place.place_id: place for place, _ in local}
        self._aliases: dict[str, str] = {}
        self._capitals: frozenset[str] = frozenset()
        self._keys: dict[str, tuple[Place, ...]] = {}
        self._longest: dict[str, int] = {}
        self._abroad: dict[str, tuple[int, ...]] = {}
        self._index: sqlite3.Connection | None = None
        for place, keys in local:
            for key in keys:
                self._add(key, place)

    @classmethod
    def for_theatre(cls, theatre: Theatre) -> Self:
        """Build the gazetteer of a theatre: its places and the user's over GeoNames' of its countries."""
        index = open_index()
        marks = ",".join("?" * len(theatre.countries))
        inside = list(read_places(index, f"country IN ({marks})", theatre.countries))
        user = [*read_imported(theatre.name), *(place for place in read_imported(ALL, theatre.countries) if _in_extent(place, theatre))]
        upper, moved = merge([(place, keys_of(place)) for place in user], [(place, keys_of(place)) for place in theatre.places])
        merged, aliases = merge(upper, inside)
        gazetteer = cls(complete(merged), name=theatre.name, countries=theatre.countries)
        gazetteer._aliases = moved | {below: moved.get(above, above) for below, above in aliases.items()}
        seats = {fold(place.name): place for place, _ in read_places(index, "capital")}
        gazetteer._capitals = frozenset(seat.place_id for seat in seats.values()) | {
            place.place_id for key, seat in seats.items() for place in gazetteer._keys.get(key, ()) if same_place(place, seat)
        }
        gazetteer._index = index
        gazetteer._know_abroad(read_famous(index, theatre.countries))
        return gazetteer

    @classmethod
    def world(cls) -> "WorldGazetteer":
        """Open the gazetteer of every country."""
        return WorldGazetteer()

    def get(self, place_id: str) -> Place | None:
        """Give the place with an id; the id of a place that was merged into another gives that one."""
        known = self._by_id.get(self._aliases.get(place_id, place_id))
        if known is None and self._index is not None:
            return next((place for place, _ in read_places(self._index, "place_id = ?", (place_id,))), None)
        return known

    def is_capital(self, place: Place) -> bool:
        """Say whether a place is a country's capital."""
        return place.place_id in self._capitals

    def is_own(self, place: Place) -> bool:
        """Say whether a place lies in the theatre's own countries."""
        return place.country in self.countries

    def is_listed(self, place: Place) -> bool:
        """Say whether a theatre's file or a user names a place, wherever it lies."""
        return not place.place_id.startswith("gn:") and place.place_id in self._by_id

    def lookup(self, key: str) -> tuple[Place, ...]:
        """Give the places that have a folded name, the theatre's own first."""
        own = self._keys.get(key, ())
        abroad = self._abroad.get(key)
        if not abroad:
            return own
        others = (self._read(number) for number in abroad)
        self._keys[key] = found = (*own, *(place for place in others if not any(same_place(place, mine) for mine in own)))
        del self._abroad[key]
        return found

    def longest(self, first: str) -> int:
        """Give how many words the longest name has that begins with a folded word; 0 if none does."""
        return self._longest.get(first, 0)

    def find(self, name: str) -> tuple[Place, ...]:
        """Give the places of a name as written, by exact key, then without articles."""
        key = fold(name)
        return self.lookup(key) or self.bare.get(drop_articles(key), ())

    def without_articles(self, key: str) -> tuple[Place, ...]:
        """Give the own places whose name, without articles, is a folded name without articles."""
        return self.bare.get(key, ())

    def longest_bare(self, first: str) -> int:
        """Give how many words the longest own name can have in a text that begins with a word, articles counted."""
        return self._longest_bare.get(first, 6 if first in ARTICLES else 0)

    @functools.cached_property
    def _longest_bare(self) -> dict[str, int]:
        table: dict[str, int] = {}
        for key in self.bare:
            first, _, rest = key.partition(" ")
            # an article may stand before each further word
            table[first] = max(table.get(first, 0), 1 + 2 * (rest.count(" ") + 1) if rest else 1)
        return table

    @functools.cached_property
    def headed(self) -> dict[str, tuple[Place, ...]]:
        """The own places whose name ends in a class word, by the name before it ("kuweires" for "Kuweires airbase")."""
        lists = load_lists()
        table: dict[str, tuple[Place, ...]] = {}
        for key, place in self._own_keys():
            parts = key.split()
            kinds: tuple[str, ...] = ()
            while len(parts) > 1 and (parts[-1] in lists.classes or parts[-1] in lists.between):
                kinds += lists.classes.get(parts.pop(), ())
            head = " ".join(parts)
            # a quarter called "Aleppo University" is not a suburb of Aleppo: the class word must be of the place's own kind
            if place.kind in kinds and place not in table.get(head, ()):
                table[head] = (*table.get(head, ()), place)
        return table

    def without_class(self, key: str) -> tuple[Place, ...]:
        """Give the own places whose name is a folded name and a class word."""
        return self.headed.get(key, ())

    @functools.cached_property
    def bare(self) -> dict[str, tuple[Place, ...]]:
        """The own places by their names without articles."""
        table: dict[str, tuple[Place, ...]] = {}
        for key, place in self._own_keys():
            short = drop_articles(key)
            table[short] = (*table.get(short, ()), place) if place not in table.get(short, ()) else table[short]
        return table

    def of_skeleton(self, bones: str) -> Sequence[tuple[str, Place]]:
        """Give the own places' folded Latin names that have a skeleton."""
        return self.skeletons.get(bones, ())

    def near_slip(self, bare: str) -> Iterator[tuple[str, Place]]:
        """Give the own places' long names without articles that may be one slip from one; the caller compares them."""
        for other in dict.fromkeys(other for half in halves(bare) for other in self.slips.get(half, ())):
            for place in self.bare[other]:
                yield other, place

    @functools.cached_property
    def skeletons(self) -> dict[str, list[tuple[str, Place]]]:
        """The own places' folded Latin names by skeleton."""
        table: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        for key, place in self._own_keys():
            if key.isascii():
                table[skeleton(key)].append((key, place))
        return dict(table)

    @functools.cached_property
    def inner(self) -> frozenset[str]:
        """The words that stand behind the first in the own places' names."""
        return frozenset(word for key, _ in self._own_keys() for word in key.split()[1:])

    @functools.cached_property
    def main_names(self) -> dict[str, str]:
        """The own places' main names by their folded form."""
        return {fold(place.name): place.name for place in reversed(self.places)}

    @functools.cached_property
    def slips(self) -> dict[str, list[str]]:
        """The own places' long main names without articles, by their halves: one slip leaves the other half as it is."""
        table: dict[str, list[str]] = defaultdict(list)
        mains = {
            drop_articles(fold(name))
            for place in self.places
            for name in (place.name, *(place.names if not place.place_id.startswith("gn:") else ()))
        }
        for bare in sorted(mains):
            if len(bare) >= SHORTEST_SLIP and bare.isascii() and bare in self.bare:
                for half in halves(bare):
                    table[half].append(bare)
        return dict(table)

    def _own_keys(self) -> Iterator[tuple[str, Place]]:
        for key, places in self._keys.items():
            for place in places:
                if place.place_id in self._by_id:
                    yield key, place

    def _know_abroad(self, names: Iterable[tuple[str, int]]) -> None:
        own = {fold(place.name) for place in self.places}
        for key, number in names:
            # a city abroad that is called as a place of the theatre would only be mistaken for it
            if key not in own:
                self._abroad[key] = (*self._abroad.get(key, ()), number)
                self._lengthen(key)

    @functools.lru_cache(maxsize=4096)  # noqa: B019 -- a gazetteer lives as long as its process
    def _read(self, number: int) -> Place:
        if self._index is None:
            raise RuntimeError("a gazetteer without an index knows no places abroad")
        return next(place for place, _ in read_places(self._index, "id = ?", (number,)))

    def _add(self, key: str, place: Place) -> None:
        known = self._keys.get(key)
        if known is None:
            self._keys[key] = (place,)
            self._lengthen(key)
        elif place not in known:
            self._keys[key] = (*known, place)

    def _lengthen(self, key: str) -> None:
        cut = key.find(" ")
        first, length = (key, 1) if cut < 0 else (key[:cut], key.count(" ") + 1)
        if length > self._longest.get(first, 0):
            self._longest[first] = length


class WorldGazetteer(Gazetteer):
    """Every country's places, read from the index by the first word of their names."""

    def __init__(self) -> None:
        super().__init__(name="world")
        self.is_world = True
        self._indexes: list[sqlite3.Connection] = [open_index()]
        self._capitals = read_capitals(self._indexes[0])
        if imported_path(ALL).exists():
            self._indexes.append(open_read_only(imported_path(ALL)))
        self._ids: dict[str, list[tuple[int, int]]] = {}
        self._rows: dict[tuple[int, int], Place] = {}

    def longest(self, first: str) -> int:
        """Give how many words the longest name has that begins with a folded word; 0 if none does."""
        known = self._longest.get(first)
        if known is None:
            known = 0
            for at, index in enumerate(self._indexes):
                rows = index.execute(
                    "SELECT key, place FROM name WHERE key = ? OR (key > ? AND key < ?)", (first, first + " ", first + "!")
                )
                for key, place in rows:
                    self._ids.setdefault(key, []).append((at, place))
                    known = max(known, key.count(" ") + 1)
            self._longest[first] = known
        return known

    def lookup(self, key: str) -> tuple[Place, ...]:
        """Give the places that have a folded name, the most populous first."""
        found = self._keys.get(key)
        if found is None:
            self.longest(key.partition(" ")[0])
            places = [self._place(number) for number in self._ids.get(key, ())]
            found = _world_order(places)
            self._keys[key] = found
        return found

    def without_articles(self, key: str) -> tuple[Place, ...]:
        """Give nothing: over a whole world a name without its article is another name."""
        del key
        return ()

    def without_class(self, key: str) -> tuple[Place, ...]:
        """Give nothing: the world's names are only matched whole."""
        del key
        return ()

    def longest_bare(self, first: str) -> int:
        """Give 0, as the world's names are only matched whole."""
        del first
        return 0

    def get(self, place_id: str) -> Place | None:
        """Give the place with an id."""
        return next((place for index in self._indexes for place, _ in read_places(index, "place_id = ?", (place_id,))), None)

    def _place(self, number: tuple[int, int]) -> Place:
        place = self._rows.get(number)
        if place is None:
            at, row = number
            place = self._rows[number] = next(place for place, _ in read_places(self._indexes[at], "id = ?", (row,)))
        return place


def _world_order(places: Sequence[Place]) -> tuple[Place, ...]:
    """Put a user's places first, then the most populous, and leave out GeoNames' row of a user's place."""
    user = [place for place in places if place.place_id.startswith("user:")]
    others = [place for place in places if not place.place_id.startswith("user:") and not any(same_place(place, mine) for mine in user)]
    return tuple(sorted((*user, *others), key=lambda place: (not place.place_id.startswith("user:"), -place.population, place.place_id)))


def _in_extent(place: Place, theatre: Theatre) -> bool:
    west, south, east, north = theatre.extent
    return place.country is not None or (west <= place.lon <= east and south <= place.lat <= north)
