"""Say whom a report means: pronouns, "the garrison", "the enemy", the other side, and who takes a place that only "fell"."""

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from geo.reading.actors import ActorMention, actor_on
from geo.reading.clauses import Candidate
from geo.reading.grammar import load_grammar
from geo.reading.marks import ActorMark, Marks, PlaceMark, SentenceMarks
from geo.records import EventType
from geo.theatre import Actor, Theatre

GAINS: frozenset[str] = frozenset({"capture", "transfer", "contested"})
_NAMES = frozenset({"alias", "form", "generic"})
_RELATIVE = frozenset({"who", "which", "whose", "whom"})
_BACK_TO_GAINER = frozenset({"theirs", "them", "his", "the same", "the same force"})
_MEMORY = 20  # actors told of last that a word may still point back to
_BEHIND = 200  # characters that a taker told later counts as farther than one told before


class Cast:
    """The actors of one report, as far as it has been read: who was told of, who took what.

    Parameters
    ----------
    theatre
        Whose actors they are.
    marks
        The report's mentions.
    """

    def __init__(self, theatre: Theatre, marks: Marks) -> None:
        self._theatre, self._marks = theatre, marks
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}
        self._starts = [sentence.sentence.start for sentence in marks.sentences]
        self._counts = Counter(str(m.actor) for m in marks.actors if _is_named(m))
        self._oblique = load_grammar().oblique
        self._holders: dict[str, list[tuple[dt.date, str]]] = {}
        self._recent: list[str] = []
        self._gainers: list[str] = []
        self._captors: list[Candidate] = []
        self._meant = self._read_fighters()
        self.own: str | None = None
        # a theatre without actors (the whole world) still tells that a place changed hands, not between whom
        self.has_actors = bool(theatre.actors)

    # ------------------------------------------------------------ what the reader tells it

    def expect(self, candidates: Sequence[Candidate]) -> None:
        """Note who is named as a taker anywhere in the report, for places that only "fell"."""
        takers = (c for c in candidates if c.type in GAINS and c.actor is not None)
        self._captors = [c for c in takers if c.actor is not None and c.actor.mention.kind != "pronoun"]

    def hold(self, mark: PlaceMark, actor: str, day: dt.date) -> None:
        """Note that an actor took a place on a day."""
        told = self._holders.setdefault(mark.place.place_id, [])
        bisect.insort_left(told, (day, actor), key=lambda pair: pair[0])

    def remember(self, candidate: Candidate, actor: str, target: str | None) -> None:
        """Note who acted in a candidate that became an event, for the words that point back to it."""
        candidate.actor_id, candidate.target_id = actor, target
        if candidate.type not in ("strike", "closure"):
            self._recent.append(actor)
        if candidate.type in GAINS:
            self._gainers.append(actor)

    # ------------------------------------------------------------ what the reader asks

    def who(self, candidate: Candidate, mark: PlaceMark, kind: EventType, day: dt.date) -> tuple[str | None, str | None]:
        """Give who gains or acts and who loses or is hit, of a candidate at one of its places."""
        if candidate.model is not None and candidate.model.actor_id is not None:
            return candidate.model.actor_id, candidate.model.target_id
        holder = self.holder(mark, day)
        gains = kind in GAINS
        target = self._resolve(candidate.target, day, mark, wanted=holder if gains else None) if candidate.target is not None else None
        actor = self._actor(candidate, mark, kind, day, holder=holder, target=target)
        if kind == "repelled" and target is not None and self._doubtful_defender(candidate, actor, target):
            actor = self.opponent(target, day)
        if target is None and actor is not None and kind not in ("withdrawal", "closure"):
            target = holder if holder is not None and self.camp(holder) != self.camp(actor) else self.opponent(actor, day)
        if actor is not None and target is not None and self.camp(actor) == self.camp(target):
            target = self.opponent(actor, day)
        return actor, target

    def camp(self, actor: str | None) -> str | None:
        """Give an actor's camp."""
        return None if actor is None else self._camps.get(actor, actor)

    def holder(self, mark: PlaceMark, day: dt.date) -> str | None:
        """Give who took a place last, by this report, up to a day."""
        told = self._holders.get(mark.place.place_id, [])
        index = bisect.bisect_right(told, day, key=lambda pair: pair[0])
        return told[index - 1][1] if index else None

    def _taken_on(self, mark: PlaceMark, day: dt.date) -> bool:
        return any(when == day for when, _ in self._holders.get(mark.place.place_id, ()))

    def opponent(self, actor: str | None, day: dt.date) -> str | None:
        """Give the other side: the one told of last or most, else the theatre's own pair."""
        if actor is None:
            return None
        camp = self.camp(actor)
        for other in reversed(self._recent[-_MEMORY:]):
            if self.camp(other) != camp:
                return other
        rivals = [(count, other) for other, count in self._counts.items() if self.camp(other) != camp]
        at_home = [(count, other) for count, other in rivals if self._sides.get(other) != "foreign"]
        if rivals:
            return max(at_home or rivals)[1]
        if self._sides.get(actor) == "government":
            return self._main_rebel(day)
        return next((a.id for a in self._theatre.actors if a.side == "government" and a.camp != camp and _exists(a, day)), None)

    def speaker(self, mark: ActorMark) -> str | None:
        """Give the actor that a speaker's mention means."""
        if mark.mention.kind != "pronoun":
            return mark.mention.actor
        if mark.mention.role == "self":
            return self.own
        choices = self._salient(mark, mark.mention.role or "they")
        return self._meant.get(mark.mention.start) or (choices[0] if choices else None)

    # ------------------------------------------------------------ one event's actor

    def _actor(
        self, candidate: Candidate, mark: PlaceMark, kind: EventType, day: dt.date, *, holder: str | None, target: str | None
    ) -> str | None:
        loser = target or holder
        if candidate.actor is not None:
            # who left on the day on which another took the place is not the taker
            taken = kind == "withdrawal" and holder is not None and self._taken_on(mark, day)
            unwanted = loser if kind in GAINS or taken else None
            wanted = holder if kind in ("withdrawal", "repelled") and not taken else None
            return self._resolve(candidate.actor, day, mark, unwanted=unwanted, wanted=wanted)
        if kind in GAINS:
            return self._taker(candidate, mark, loser, day)
        if kind == "withdrawal":
            return holder or self._last()
        if kind == "repelled":
            return self.opponent(target, day) if target else holder
        return None

    def _doubtful_defender(self, candidate: Candidate, actor: str | None, target: str) -> bool:
        pointed = candidate.actor is not None and candidate.actor.mention.kind == "pronoun"
        return actor is None or (pointed and self.camp(actor) == self.camp(target))

    def _resolve(
        self, mark: ActorMark, day: dt.date, place: PlaceMark, *, wanted: str | None = None, unwanted: str | None = None
    ) -> str | None:
        """Say whom a mention means; ``wanted`` and ``unwanted`` are who it should and cannot be where words leave it open."""
        mention = mark.mention
        if mention.kind != "pronoun":
            return actor_on(mention, day)
        if mention.role == "fighters" and mention.start in self._meant:
            return self._meant[mention.start]
        if mention.role in ("self", "enemy", "other", "holder", "weapon", "air"):
            return self._by_role(mark, day, place, wanted)
        choices = self._salient(mark, mention.role or "they")
        good = [a for a in choices if unwanted is None or self.camp(a) != self.camp(unwanted)]
        if wanted is not None:
            good = [a for a in good if self.camp(a) == self.camp(wanted)] or good
        return good[0] if good else choices[0] if choices else self._last()

    def _by_role(self, mark: ActorMark, day: dt.date, place: PlaceMark, wanted: str | None) -> str | None:
        role = mark.mention.role
        if role == "self":
            return self.own or self._quoted(mark)
        if role == "enemy":
            return self.opponent(self.own or self._last(), day)
        if role == "other":
            before = self._salient(mark, "they")
            return self.opponent(before[0] if before else self._last(), day)
        if role == "holder":
            return self.holder(place, day) or wanted or self.opponent(self._taker_of(place, mark) or self._last(), day)
        if role == "air":
            flying = [a for a in self._salient(mark, "they") if self._sides.get(a) != "non-state"]
            return flying[0] if flying else next((a.id for a in self._theatre.actors if a.side == "government" and _exists(a, day)), None)
        return None

    def _quoted(self, mark: ActorMark) -> str | None:
        """Give who says "we" between quotes: the actor named behind it in the sentence."""
        index = max(0, bisect.bisect_right(self._starts, mark.mention.start) - 1)
        sentence = self._marks.sentences[index]
        before = self._marks.report.text[sentence.sentence.start : mark.mention.start]
        if not any(quote in before for quote in '"“'):
            return None
        return next((m.mention.actor for m in sentence.actors if m.first > mark.first and _is_named(m.mention)), None)

    def _salient(self, mark: ActorMark, role: str) -> list[str]:
        """Give the actors that a word may point back to, the likeliest first: subjects of this sentence, then of the one before."""
        start, written = mark.mention.start, mark.mention.text.lower()
        index = max(0, bisect.bisect_right(self._starts, start) - 1)
        here = self._named(self._marks.sentences[index], start)
        nearest = [a for a, _ in reversed(here)]
        if role in ("latter", "former") or written in _RELATIVE:
            earlier = nearest + ([a for a, _ in reversed(self._named(self._marks.sentences[index - 1], start))] if index else [])
            distinct = list(dict.fromkeys(earlier))
            return distinct[1:2] + distinct if role == "former" and len(distinct) > 1 else distinct
        order = [*self._in_part(mark, index), *(a for a, subject in here if subject), *nearest]
        if written.startswith("the same"):
            order = [*reversed(self._recent[-3:]), *order]
        if written in _BACK_TO_GAINER:
            order += list(reversed(self._recent[-2:]))
        for back in (1, 2):
            if index - back >= 0:
                told = self._named(self._marks.sentences[index - back], start)
                order += [a for a, subject in told if subject] + [a for a, _ in reversed(told)]
        return list(dict.fromkeys([*order, *reversed(self._recent[-_MEMORY:])]))

    def _in_part(self, mark: ActorMark, index: int) -> list[str]:
        """Give the subjects of the mark's own part of the sentence, behind the last semicolon."""
        low, sentence = self._marks.tokens.low, self._marks.sentences[index]
        part = next((i for i in range(mark.first, sentence.first, -1) if low[i] == ";"), None)
        if part is None:
            return []
        inside = replace(sentence, actors=[m for m in sentence.actors if m.first > part])
        return [a for a, subject in self._named(inside, mark.mention.start) if subject]

    def _named(self, sentence: SentenceMarks, until: int) -> list[tuple[str, bool]]:
        """Give the actors named in a sentence before an offset, each with whether it stands as a subject."""
        low = self._marks.tokens.low
        found = []
        for mark in sentence.actors:
            mention = mark.mention
            actor = mention.actor if _is_named(mention) else self._meant.get(mention.start)
            if actor is not None and mention.end <= until:
                found.append((actor, not mention.possessive and (mark.first == 0 or low[mark.first - 1] not in self._oblique)))
        return found

    def _last(self) -> str | None:
        if self._recent:
            return self._recent[-1]
        return next((m.actor for m in self._marks.actors if _is_named(m)), None)

    # ------------------------------------------------------------ who is not named

    def _read_fighters(self) -> dict[int, str]:
        """Give "the insurgents", where the theatre knows no such word, to the non-state actor named last before, else to the main one."""
        meant: dict[int, str] = {}
        last: str | None = None
        for mention in self._marks.actors:
            if _is_named(mention) and self._sides.get(str(mention.actor)) == "non-state":
                last = mention.actor
            elif mention.role == "fighters" and (rebel := last or self._main_rebel(self._marks.report.published)):
                meant[mention.start] = rebel
        return meant

    def _main_rebel(self, day: dt.date) -> str | None:
        """Give the non-state actor named most; where none is named, whom "rebels" and the like mean in this theatre on that day."""
        rebels = [(count, actor) for actor, count in self._counts.items() if self._sides.get(actor) == "non-state"]
        if rebels:
            return max(rebels)[1]
        generic = (g for g in self._theatre.generics if self._sides.get(g.actor) == "non-state")
        meant = next((g.actor for g in generic if (g.start is None or g.start <= day) and (g.end is None or day <= g.end)), None)
        return meant or next((a.id for a in self._theatre.actors if a.side == "non-state" and _exists(a, day)), None)

    def _taker(self, candidate: Candidate, mark: PlaceMark, loser: str | None, day: dt.date) -> str | None:
        """Give who takes a place that only "fell".

        Not its holder, nor who takes it next; somebody named in the sentence, else whoever was taking places just before or behind.
        """
        following = self._next_taker(candidate, mark)
        barred = {self.camp(loser), self.camp(following)} - {None}
        here = [a for a, _ in self._named(candidate.sentence, candidate.sentence.sentence.end)]
        at = candidate.trigger.first
        near = sorted(self._captors, key=lambda c: abs(c.trigger.first - at) + (_BEHIND if c.trigger.first > at else 0))
        captors = (actor_on(c.actor.mention, day) for c in near if c.actor is not None)
        own: tuple[str, ...] = () if self.own is None else (self.own,)  # a party tells its own gains
        ranked: list[str | None] = [*here, *own, *reversed(self._gainers[-3:]), *captors]
        for taker in ranked:
            if taker is not None and self.camp(taker) not in barred:
                return taker
        if loser is not None or following is not None:
            return self.opponent(loser or following, day)
        return self._main_rebel(day)

    def _taker_of(self, place: PlaceMark, mark: ActorMark) -> str | None:
        """Give who is told to take the place in which "the garrison" lies, the nearest telling first."""
        takers = [c for c in self._captors if any(m.place.place_id == place.place.place_id for m in c.marks)]
        near = min(takers, key=lambda c: abs(c.trigger.first - mark.first), default=None)
        return actor_on(near.actor.mention, self._marks.report.published) if near is not None and near.actor is not None else None

    def _next_taker(self, candidate: Candidate, mark: PlaceMark) -> str | None:
        """Give who is told to take the same place afterwards: "lost on the 14th, won back by the army"."""
        for later in self._captors:
            same = any(m.place.place_id == mark.place.place_id for m in later.marks)
            if same and later.trigger.first > candidate.trigger.first and later.actor is not None:
                return actor_on(later.actor.mention, self._marks.report.published)
        return None


def _is_named(mention: ActorMention) -> bool:
    return mention.actor is not None and mention.kind in _NAMES


def _exists(actor: Actor, day: dt.date) -> bool:
    return (actor.start is None or actor.start <= day) and (actor.end is None or day <= actor.end)
