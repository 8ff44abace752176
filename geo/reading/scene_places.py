"""Where a clause happens: objects, subjects, antecedents of relative clauses, and places that words point back to."""

from dataclasses import dataclass, replace

from geo.reading.marks import ActorMark, PlaceGroup, PlaceMark
from geo.reading.scene import BaseScene

# which prepositions may lead in the place: of a verb that takes it, that moves into it, that leaves it, of anything that goes on there
OBJECT_ROLES = frozenset(["bare", "of"])
MOVE_ROLES = frozenset(["bare", "into", "in", "to", "inside", "through", "on", "onto", "at", "over", "back", "of"])
LEAVE_ROLES = frozenset(["bare", "from", "of", "off", "at", "in"])
ANY_ROLES = frozenset(
    [
        "bare",
        "into",
        "in",
        "to",
        "inside",
        "through",
        "on",
        "onto",
        "at",
        "over",
        "of",
        "near",
        "against",
        "from",
        "across",
        "upon",
        "outskirts",
        "within",
        "around",
        "for",
        "by",
        "off",
        "throughout",
        "with",
        "under",
    ]
)
_APPOSITION = 12  # tokens between a name and the relative word that hangs on it: "Afabet, its headquarters in the north, which …"
_NO_SCENE = frozenset(["river", "lake", "region", "country"])
_POINTED_ROLES = frozenset(["bare", "of", "in", "into", "from", "on", "at", "to"])
_NO_TARGET = frozenset(["road", "river", "country", "region"])


@dataclass(slots=True)
class PlaceScene(BaseScene):
    """A scene that knows its places."""

    def groups_after(self) -> list[PlaceGroup]:
        """Give the lists of names behind the trigger."""
        low, last = self.tokens.low, self.clause.trigger.last
        end = next((i for i in range(last, self.clause.end) if low[i] in (";", "while", "whereas")), self.clause.end)
        return [g for g in self.sentence.groups if last <= g.first < end and g.role not in ("container", "dateline", "holder")]

    def groups_before(self) -> list[PlaceGroup]:
        """Give the lists of names before the trigger."""
        return [
            g
            for g in self.sentence.groups
            if self.clause.begin <= g.first and g.last <= self.clause.trigger.first and g.role not in ("container", "dateline", "holder")
        ]

    def object_group(self, roles: frozenset[str]) -> PlaceGroup | None:
        """Give the first list of names behind the trigger in one of these roles, nothing but light words between."""
        for group in self.groups_after():
            between = self.tokens.low[self.clause.trigger.last : group.first]
            if self.words.nothing & set(between) or ("," in between and group.role not in ("bare", "of")):
                return None
            inside = self.clause.trigger.first <= group.marks[0].preposition < self.clause.trigger.last
            if inside and self._close(group):
                return self._with_more(group, roles)
            if group.role not in roles or (
                group.role == "of" and "from" not in roles and group.marks[0].preposition >= self.clause.trigger.last
            ):
                if group.role in ("near", "outskirts"):
                    return None
                continue
            return self._with_more(group, roles) if self._close(group) and not self._new_subject(group) else None
        return None

    def _new_subject(self, group: PlaceGroup) -> bool:
        """Give a comma and an actor between the verb and the name: "since taking control, HTS has governed Idlib"."""
        low = self.tokens.low
        return any(
            self.clause.trigger.last < mark.first
            and mark.last <= group.first
            and low[mark.first - 1] == ","
            and mark.mention.kind != "holder"
            for mark in self.sentence.actors
        )

    def _close(self, group: PlaceGroup) -> bool:
        return group.first - self.clause.trigger.last <= 14

    def _with_more(self, group: PlaceGroup, roles: frozenset[str]) -> PlaceGroup:
        """Join "X on Thursday, Y two days later and Z": names that share the trigger."""
        marks = list(group.marks)
        last = group.last
        for later in self.groups_after():
            if later.first <= group.first:
                continue
            between = self.tokens.low[last : later.first]
            dated = {i for d in self.sentence.dates for i in range(d.first, d.last)}
            rest = [w for i, w in enumerate(between, start=last) if i not in dated]
            joined = bool({",", "and", ";", "&", "then"} & set(rest))
            own_verb = self.tokens.low[later.last : later.last + 1] != [] and self.tokens.low[later.last] in self.words.own_verbs
            if own_verb:
                break
            if later.role in (*roles, group.role) and joined and len(rest) <= 6 and all(w in self.words.joints for w in rest):
                marks += later.marks
                last = later.last
            else:
                break
        return replace(group, marks=tuple(marks), last=last)

    def any_group(self, roles: frozenset[str]) -> PlaceGroup | None:
        """Give the list of names nearest to the trigger in one of these roles, those behind it first."""
        after = [g for g in self.groups_after() if g.role in roles and g.marks[0].place.kind not in _NO_SCENE]
        before = [g for g in self.groups_before() if g.role in roles and g.marks[0].place.kind not in _NO_SCENE]
        if after and after[0].first - self.clause.trigger.last <= 10:
            return self._with_more(after[0], roles)
        if before:
            return before[-1]
        return self._with_more(after[0], roles) if after else None

    def other_targets(self, group: PlaceGroup | None) -> tuple[PlaceMark, ...]:
        """Give the other names struck: "hit a hospital in Aleppo and a camp in Idlib"."""
        if group is None or group.first < self.clause.trigger.last:
            return ()
        return tuple(
            mark
            for later in self.groups_after()
            for mark in later.marks
            if later.first >= group.last
            and later.role in ("in", "at", "on", "near", "bare")
            and "and" in self.tokens.low[group.last : later.first]
            and mark not in group.marks
        )

    def subject_places(self) -> tuple[tuple[PlaceMark, ...], bool]:  # noqa: PLR0911 - a list of places to look, the likeliest first
        """Give the places that the verb says something of: before it, or told just before."""
        low = self.tokens.low
        begin = self.clause.begin
        word = low[begin] if begin < len(low) else ""
        before = [g for g in self.groups_before() if g.role == "bare"]
        if len(before) > 1 and self._inside_relative(before[-2], before[-1]):
            return before[-2].marks, False
        if before:
            return before[-1].marks, False
        antecedent = self._antecedent(word)
        if antecedent:
            return antecedent, False
        anaphor = self._anaphor(begin, self.clause.trigger.first)
        if anaphor is not None:
            return anaphor, True
        if (
            self.clause.joint in (",", "")
            and self.earlier is not None
            and low[self.earlier.begin] in ("which", "who", "where", "whose", "whence")
        ):
            outer = [g for g in self.sentence.groups if 0 <= self.earlier.begin - g.last <= 2 and g.role == "bare"]
            if outer:
                return outer[-1].marks, False
        if self.clause.joint in ("and", "but", "then", ",", "only", "yet", ";") and self.before is not None and not self.groups_before():
            return self.before.marks, True
        if self.told.topic is not None:
            return self.told.topic.marks, False
        return (), False

    def _inside_relative(self, outer: PlaceGroup, inner: PlaceGroup) -> bool:
        """Tell whether a name stands in a clause that hangs on the one before: "X, which commands the road to Y, was seized"."""
        low = self.tokens.low
        return low[inner.last] == "," and bool(self.words.relatives & set(low[outer.last : inner.first]))

    def _antecedent(self, word: str) -> tuple[PlaceMark, ...]:
        """Give the place before the "which", "where" that opens the clause: "Hama, which fell on Thursday"."""
        return self._hung_on(self.clause.begin, word) if word in ("which", "where", "whence", "whose", "that") else ()

    def _hung_on(self, index: int, word: str) -> tuple[PlaceMark, ...]:
        """Give the place that a relative word at a token hangs on: right before it, or before an apposition and a comma."""
        low = self.tokens.low
        groups = [g for g in self.sentence.groups if g.last <= index and g.role != "dateline"]
        right_before = [g for g in groups if index - g.last <= 2 and not (g.role == "in" and g.marks[0].place.kind == "province")]
        if right_before:
            return right_before[-1].marks[-1:]
        if word == "that" or "," not in low[max(self.sentence.first, index - _APPOSITION) : index]:
            return ()
        before = [
            g
            for g in groups
            if index - g.last <= _APPOSITION and g.role not in ("near", "container", "holder") and g.marks[0].place.kind != "province"
        ]
        return before[-1].marks[-1:] if before else ()

    def group_before(self, index: int) -> PlaceGroup | None:
        """Give the list of names right before a token: "Manbij, whose loss …"."""
        found = [g for g in self.sentence.groups if 0 <= index - g.last <= 2 and g.role not in ("dateline", "holder")]
        return found[-1] if found else None

    def relative_place(self) -> tuple[PlaceMark, ...]:
        """Give the place that "which the rebels took" is about."""
        low = self.tokens.low
        for index in range(self.clause.begin, self.clause.trigger.first):
            if low[index] in ("which", "where", "that", "whence") and (found := self._hung_on(index, low[index])):
                return found
        return ()

    def fronted_object(self, actor: ActorMark | None) -> tuple[PlaceMark, ...]:
        """Give the name before the subject: "Mongbwalu the Hema retook on Monday"."""
        if actor is None:
            return ()
        found = [g for g in self.sentence.groups if g.role == "bare" and 0 <= actor.first - g.last <= 2 and g.first >= self.clause.begin]
        return found[-1].marks if found and "," not in self.tokens.low[found[-1].last : actor.first] else ()

    def anaphor_after(self, *prepositions: str) -> tuple[PlaceMark, ...]:
        """Give the places that a word behind the trigger, or inside it ("took it back"), points back to."""
        trigger, low = self.clause.trigger, self.tokens.low
        following = low[trigger.last] if trigger.last < len(low) else ""
        if not prepositions and (following.isdigit() or self.words.things & set(low[trigger.last : trigger.last + 3])):
            return ()
        if any(word in ("it", "them") for word in low[trigger.first : trigger.last]):
            return self._anaphor(trigger.first, trigger.last) or ()
        last = min(self.clause.end, self.clause.trigger.last + 8)
        return self._anaphor(self.clause.trigger.last, last, prepositions) or ()

    def _anaphor(self, first: int, last: int, prepositions: tuple[str, ...] = ()) -> tuple[PlaceMark, ...] | None:
        low = self.tokens.low
        for index in range(first, last):
            parts = self._part_of_it(index)
            if parts is not None and not prepositions:
                self.part_told = True
                return parts
            hit = self.cues.anaphora.find(low, index, self.sentence.last) or self._noun_phrase(index, last)
            if hit is None or (prepositions and low[index - 1] not in prepositions):
                continue
            words = low[index : hit[0]]
            if words[-1] in ("former", "latter"):
                pair = self._pair(index)
                return (pair[:1] if words[-1] == "former" else pair[-1:]) or None
            kinds = self.cues.kinds.get(words[-1]) if len(words) > 1 else None
            if kinds is not None:
                found = self._of_kind(index, kinds)
                if found:
                    return found
                if words[-1] not in self.words.loose_nouns:
                    continue
            places = self._earlier_places(index)
            if hit[1][0] == "plural" and len(places) < 2 and len(self.told.pair) == 2:
                return self.told.pair
            if not places:
                continue
            return places if hit[1][0] == "plural" else places[-1:] if len(places) > 1 and words != ["it"] else places[:1]
        return None

    def anaphor_before(self) -> tuple[PlaceMark, ...]:
        """Give the places that a word before the trigger points back to: "an assault on it failed"."""
        return self._anaphor(self.clause.begin, self.clause.trigger.first) or ()

    def _pair(self, index: int) -> tuple[PlaceMark, ...]:
        """Give the two places that "the former" and "the latter" are: of this sentence, else told last."""
        here = tuple(
            m for g in self.sentence.groups if g.role not in ("container", "dateline", "holder") for m in g.marks if m.last <= index
        )
        return here[-2:] if len(here) > 1 else self.told.pair

    def _part_of_it(self, index: int) -> tuple[PlaceMark, ...] | None:
        """Read "the northern quarters", "several of its streets" as parts of the place told of."""
        low, last = self.tokens.low, min(index + 5, self.clause.end)
        if low[index] not in self.words.part_openers:
            return None
        for at in range(index + 1, last):
            if low[at] in self.words.part_nouns:
                named = any(g.first > at and g.first - at <= 4 for g in self.sentence.groups)
                return None if named else self._earlier_places(index)[-1:] or self.topic()[:1] or None
            if not low[at].isalpha() or low[at] in self.words.prepositions - {"of"}:
                return None
        return None

    def _noun_phrase(self, index: int, last: int) -> tuple[int, tuple[str, ...]] | None:
        """Read "the old crossroads town" as pointing back to a place."""
        low = self.tokens.low
        if low[index] not in ("the", "this", "that"):
            return None
        for at in range(index + 2, min(index + 5, last)):
            if low[at] in self.cues.nouns:
                named = any(g.first <= at + 3 and g.last > index for g in self.sentence.groups)
                return None if named else (at + 1, ("singular",))
            if not low[at].isalpha() or low[at] in ("of", "in", "to", "and", "by"):
                return None
        return None

    def _of_kind(self, index: int, kinds: tuple[str, ...]) -> tuple[PlaceMark, ...]:
        """Give the place of one of these kinds told last: in this sentence, else before."""
        named = [m for g in self.sentence.groups for m in g.marks if m.last <= index]
        here = [m for m in named if m.place.kind in kinds]
        if named and not here:
            # "the airport of X and the roads to the city": the city that the airport belongs to
            whole = [
                m
                for m in self.told.marks
                if m.place.kind in kinds
                and (m.place.place_id == named[-1].place.within or named[-1].toponym.text.startswith(m.toponym.text))
            ]
            if whole:
                return (whole[-1],)
        before = [m for m in self.told.marks if m.place.kind in kinds]
        return tuple((here or before)[-1:])

    def told_places(self) -> tuple[PlaceMark, ...]:
        """Give the places told of last before the trigger."""
        return self._earlier_places(self.clause.trigger.first)[-1:]

    def _earlier_places(self, index: int) -> tuple[PlaceMark, ...]:
        if self.told.told_in == self.sentence.first and self.told.places:
            return self.told.places
        here = [
            g
            for g in self.sentence.groups
            if g.last <= index
            and g.role in ("bare", "of", "in", "into", "from", "on", "at", "to")
            and g.marks[0].place.kind not in ("road", "river", "country", "region")
        ]
        if here:
            return here[-1].marks
        if self.told.places:
            return self.told.places
        return self.told.topic.marks if self.told.topic else ()

    def topic(self) -> tuple[PlaceMark, ...]:
        """Give the places that the line opened with."""
        return self.told.topic.marks if self.told.topic else ()

    def person_object(self, group: PlaceGroup) -> bool:
        """People or weapons stand between the verb and the name: "captured 12 soldiers near Hama"."""
        if group.role == "bare":
            between = self.tokens.low[self.clause.trigger.last : group.first]
            return any(word in self.words.things for word in between)
        return any(word in self.words.things for word in self.tokens.low[self.clause.trigger.last : group.first])

    def counts_things(self, group: PlaceGroup) -> bool:
        """Tell whether a number stands between the verb and the name: "handed over 31 suspects at the town"."""
        return any(word.isdigit() for word in self.tokens.low[self.clause.trigger.last : group.first])

    def person_subject(self) -> bool:
        """People or weapons stand right before the verb: "two tanks were captured"."""
        last = max((g.last for g in self.groups_before() if g.role == "bare"), default=self.clause.begin)
        return any(
            word in self.words.things for word in self.tokens.low[max(last, self.clause.trigger.first - 8) : self.clause.trigger.first]
        )
