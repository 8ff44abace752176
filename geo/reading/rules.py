"""The fast reader: frames of the lexicon filled clause by clause, no model."""

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Sequence

from geo.reading.actors import ActorFinder, actor_on
from geo.reading.clauses import Candidate
from geo.reading.frames import FrameFiller
from geo.reading.grammar import load_grammar
from geo.reading.marks import ActorMark, Marker, Marks, PlaceMark, SentenceMarks
from geo.reading.normalise import NO_EVENT_KINDS, Reading, build_event, event_dates, keep_distinct, share_told
from geo.reading.sources import Attribution, SourceJudge
from geo.reading.triggers import TriggerFinder
from geo.records import Event, EventType, Extent, Report, Status, Toponym
from geo.theatre import Actor, Theatre

_BASE_CONFIDENCE = {"strong": 0.7, "weak": 0.55}


class RuleReader:
    """Reads reports of one theatre by rules.

    Parameters
    ----------
    theatre
        Whose actors to read for.
    """

    name = "rules"

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._marker = Marker(ActorFinder(theatre), TriggerFinder())
        self._filler = FrameFiller()
        self._judge = SourceJudge(theatre)

    def read(self, report: Report, toponyms: Sequence[Toponym]) -> list[Event]:
        """Give the events that a report tells, in text order.

        Parameters
        ----------
        report
            The report.
        toponyms
            Its resolved place names, from ``places`` or given.
        """
        if not any(t.place is not None for t in toponyms):
            return []
        marks = self._marker.mark(report, toponyms)
        return _Reading(self._theatre, self._judge, self._filler, marks).events()


class _Reading:
    """One report being read: who was told of last, who holds what."""

    def __init__(self, theatre: Theatre, judge: SourceJudge, filler: FrameFiller, marks: Marks) -> None:
        self._judge, self._filler, self._marks = judge, filler, marks
        self._report = marks.report
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}
        self._theatre = theatre
        self._own: str | None = None
        self._holders: dict[str, list[tuple[dt.date, str]]] = {}
        self._recent: list[str] = []
        self._gainers: list[str] = []
        self._meant: dict[int, str] = {}
        self._starts = [sentence.sentence.start for sentence in marks.sentences]
        self._attributions: dict[int, list[Attribution]] = {}
        self._captors: list[tuple[int, Candidate]] = []
        self._counts = Counter(str(m.actor) for m in marks.actors if m.actor and m.kind in ("alias", "form", "generic"))

    def events(self) -> list[Event]:
        candidates = list(self._filler.fill(self._marks))
        self._read_generic()
        takers, losers = self._named_sides(candidates)
        self._own = self._judge.own_actor(
            self._report, self._marks, takers=takers, losers=losers, rival=lambda actor: self._opponent(actor, self._report.published)
        )
        self._captors = [
            (c.trigger.first, c)
            for c in candidates
            if c.type in ("capture", "transfer") and c.actor is not None and c.actor.mention.kind != "pronoun"
        ]
        readings: list[Reading] = []
        for candidate in candidates:
            readings += self._judged(candidate)
        return keep_distinct(build_event(self._report, reading) for reading in readings)

    def _named_sides(self, candidates: Sequence[Candidate]) -> tuple[list[str], list[str]]:
        """Give who is named as taking or defending places and who as losing them, once for each telling."""
        takers = [
            c.actor.mention.actor for c in candidates if c.actor is not None and c.type in ("capture", "transfer", "contested", "repelled")
        ]
        losers = [c.target.mention.actor for c in candidates if c.target is not None] + [
            c.actor.mention.actor for c in candidates if c.actor is not None and c.type == "withdrawal"
        ]
        return [a for a in takers if a], [a for a in losers if a]

    def _read_generic(self) -> None:
        """Give "the insurgents", where the theatre knows no such word, to the non-state actor named last before, else to the main one."""
        last: str | None = None
        for mention in self._marks.actors:
            if mention.actor and mention.kind in ("alias", "form", "generic") and self._sides.get(mention.actor) == "non-state":
                last = mention.actor
            elif mention.role == "fighters" and (rebel := last or self._main_rebel(self._report.published)):
                self._meant[mention.start] = rebel

    def _judged(self, candidate: Candidate) -> list[Reading]:
        found = []
        for mark in candidate.marks:
            if mark.place.kind in NO_EVENT_KINDS or mark.role == "dateline":
                continue
            date = candidate.dates.get(mark.first, candidate.date)
            day = event_dates(self._report.published, date)[0]
            kind, extent = self._type_and_extent(candidate, mark)
            actor, target = self._who(candidate, mark, kind, day)
            if kind in ("capture", "transfer", "contested", "withdrawal") and actor is None:
                continue
            if kind in ("capture", "transfer") and actor is not None:
                self._holders.setdefault(mark.place.place_id, []).append((day, actor))
            status, attribution = self._status(candidate, kind, actor, day)
            confidence = self._confidence(candidate)
            found.append(
                Reading(
                    type=kind,
                    toponym=mark.toponym,
                    start=candidate.sentence.sentence.start,
                    end=candidate.sentence.sentence.end,
                    date=date,
                    actor=actor,
                    target=target,
                    extent=extent,
                    status=status,
                    attribution=attribution,
                    rule=candidate.rule,
                    confidence=confidence,
                )
            )
        if found and found[-1].actor is not None:
            candidate.actor_id, candidate.target_id = found[-1].actor, found[-1].target
            if candidate.type not in ("strike", "closure"):
                self._recent.append(found[-1].actor)
            if candidate.type in ("capture", "transfer", "contested"):
                self._gainers.append(found[-1].actor)
        return found

    # ---------------------------------------------------------------- type and extent

    def _type_and_extent(self, candidate: Candidate, mark: PlaceMark) -> tuple[EventType, Extent | None]:
        if candidate.type not in ("capture", "transfer", "withdrawal", "contested"):
            return candidate.type, None
        share = share_told(self._marks.tokens, candidate.begin, mark)
        if candidate.type == "capture":
            if share == "nearly":
                return "capture", "part"
            if share == "less":
                return "contested", "part"
        if candidate.type == "contested" and share == "nearly":
            return "capture", "part"
        return candidate.type, "part" if share else "full"

    # ---------------------------------------------------------------- who

    def _who(self, candidate: Candidate, mark: PlaceMark, kind: EventType, day: dt.date) -> tuple[str | None, str | None]:
        if candidate.model is not None and candidate.model.actor_id is not None:
            return candidate.model.actor_id, candidate.model.target_id
        holder = self._holder(mark, day)
        gains = kind in ("capture", "transfer", "contested")
        target = self._resolve(candidate.target, day, mark, wanted=holder if gains else None) if candidate.target is not None else None
        loser = target or holder
        if candidate.actor is not None:
            unwanted = loser if gains else None
            wanted = holder if kind in ("withdrawal", "repelled") else None
            actor = self._resolve(candidate.actor, day, mark, unwanted=unwanted, wanted=wanted)
        elif gains:
            actor = self._taker(candidate, mark, loser, day)
        elif kind == "withdrawal":
            actor = holder or self._last(day)
        elif kind == "repelled":
            actor = self._opponent(target, day) if target else holder
        else:
            actor = None
        if (
            kind == "repelled"
            and target is not None
            and (
                actor is None
                or (self._camp(actor) == self._camp(target) and candidate.actor is not None and candidate.actor.mention.kind == "pronoun")
            )
        ):
            actor = self._opponent(target, day)
        if target is None and actor is not None and kind not in ("withdrawal", "closure"):
            target = holder if holder is not None and self._camps.get(holder) != self._camps.get(actor) else self._opponent(actor, day)
        if actor is not None and target is not None and self._camp(actor) == self._camp(target):
            target = self._opponent(actor, day)
        return actor, target

    def _camp(self, actor: str | None) -> str | None:
        return None if actor is None else self._camps.get(actor, actor)

    def _resolve(
        self, mark: ActorMark, day: dt.date, place: PlaceMark, *, wanted: str | None = None, unwanted: str | None = None
    ) -> str | None:
        """Say whom a mention means; ``wanted`` and ``unwanted`` are who it should and cannot be where words leave it open."""
        mention = mark.mention
        if mention.kind != "pronoun":
            return actor_on(mention, day)
        role = mention.role
        if role == "self":
            return self._own
        if role == "enemy":
            return self._opponent(self._own or self._last(day), day)
        if role == "other":
            before = self._salient(mark, "they", day)
            return self._opponent(before[0] if before else self._last(day), day)
        if role == "holder":
            return self._holder(place, day) or wanted or self._opponent(self._last(day), day)
        if role == "weapon":
            return None
        if role == "air":
            flying = [a for a in self._salient(mark, "they", day) if self._sides.get(a) != "non-state"]
            return flying[0] if flying else next((a.id for a in self._theatre.actors if a.side == "government" and _exists(a, day)), None)
        choices = self._salient(mark, role or "they", day)
        if role == "fighters" and mention.start in self._meant:
            return self._meant[mention.start]
        good = [a for a in choices if unwanted is None or self._camp(a) != self._camp(unwanted)]
        if wanted is not None:
            good = [a for a in good if self._camp(a) == self._camp(wanted)] or good
        return good[0] if good else choices[0] if choices else self._last(day)

    def _salient(self, mark: ActorMark, role: str, day: dt.date) -> list[str]:
        """The actors that a word may point back to, the likeliest first: subjects of this sentence, then of the one before."""
        start = mark.mention.start
        index = next((i for i, s in enumerate(self._marks.sentences) if s.sentence.start <= start < s.sentence.end), 0)
        here = self._named(self._marks.sentences[index], start)
        nearest = [a for a, _ in reversed(here)]
        if role in ("latter", "former") or mark.mention.text.lower() in ("who", "which", "whose", "whom"):
            earlier = nearest + [a for a, _ in reversed(self._named(self._marks.sentences[index - 1], start))] if index else nearest
            distinct = list(dict.fromkeys(earlier))
            return distinct[1:2] + distinct if role == "former" and len(distinct) > 1 else distinct
        order = [a for a, subject in here if subject] + nearest
        if mark.mention.text.lower().startswith("the same"):
            order = [*reversed(self._recent[-3:]), *order]
        if mark.mention.text.lower() in ("theirs", "them", "his", "the same", "the same force"):
            order += list(reversed(self._recent[-2:]))
        for back in (1, 2):
            if index - back >= 0:
                told = self._named(self._marks.sentences[index - back], start)
                order += [a for a, subject in told if subject] + [a for a, _ in reversed(told)]
        order += list(reversed(self._recent))
        return list(dict.fromkeys(actor_id for actor_id in order if actor_id))

    def _named(self, sentence: SentenceMarks, until: int) -> list[tuple[str, bool]]:
        """The actors named in a sentence before an offset, each with whether it stands as a subject."""
        low = self._marks.tokens.low
        return [
            (
                m.mention.actor or self._meant[m.mention.start],
                not m.mention.possessive and (m.first == 0 or low[m.first - 1] not in load_grammar().oblique),
            )
            for m in sentence.actors
            if m.mention.end <= until
            and ((m.mention.actor and m.mention.kind in ("alias", "form", "generic")) or m.mention.start in self._meant)
        ]

    def _last(self, day: dt.date) -> str | None:  # noqa: ARG002 - day: one signature for all that look for somebody
        if self._recent:
            return self._recent[-1]
        named = [str(m.actor) for m in self._marks.actors if m.actor and m.kind in ("alias", "form", "generic")]
        return named[0] if named else None

    def _main_rebel(self, day: dt.date) -> str | None:
        """Give the non-state actor named most; where none is named, whom "rebels" and the like mean in this theatre on that day."""
        rebels = [(count, actor) for actor, count in self._counts.items() if self._sides.get(actor) == "non-state"]
        if rebels:
            return max(rebels)[1]
        generic = (g for g in self._theatre.generics if self._sides.get(g.actor) == "non-state")
        meant = next((g.actor for g in generic if (g.start is None or g.start <= day) and (g.end is None or day <= g.end)), None)
        return meant or next((a.id for a in self._theatre.actors if a.side == "non-state" and _exists(a, day)), None)

    def _taker(self, candidate: Candidate, mark: PlaceMark, loser: str | None, day: dt.date) -> str | None:
        """Who takes a place that only "fell": not its holder, nor who takes it next; somebody of the sentence, or who was taking places just before."""
        following = self._next_taker(candidate, mark)
        barred = {self._camp(loser), self._camp(following)} - {None}
        here = [a for a, _ in self._named(candidate.sentence, len(self._report.text))]
        near = sorted(
            ((abs(at - candidate.trigger.first) + (200 if at > candidate.trigger.first else 0), c) for at, c in self._captors),
            key=lambda pair: pair[0],
        )
        takers = [*here, *reversed(self._gainers[-3:]), *(str(actor_on(c.actor.mention, day)) for _, c in near if c.actor is not None)]
        for taker in takers:
            if self._camp(taker) not in barred:
                return taker
        if loser is not None or following is not None:
            return self._opponent(loser or following, day)
        return self._main_rebel(day)

    def _next_taker(self, candidate: Candidate, mark: PlaceMark) -> str | None:
        """Give who is told to take the same place afterwards: "lost on the 14th, won back by the army"."""
        for at, later in self._captors:
            if (
                at > candidate.trigger.first
                and later.actor is not None
                and later is not candidate
                and any(m.place.place_id == mark.place.place_id for m in later.marks)
            ):
                return actor_on(later.actor.mention, self._report.published)
        return None

    def _opponent(self, actor: str | None, day: dt.date) -> str | None:
        """The other side: the one told of last or most, else the theatre's own pair."""
        if actor is None:
            return None
        camp = self._camps.get(actor, actor)
        for other in reversed(self._recent):
            if self._camps.get(other, other) != camp:
                return other
        rivals = [
            (count, other)
            for other, count in self._counts.items()
            if self._camps.get(other, other) != camp and self._sides.get(other) != "foreign"
        ]
        rivals = rivals or [(count, other) for other, count in self._counts.items() if self._camps.get(other, other) != camp]
        if rivals:
            return max(rivals)[1]
        if self._sides.get(actor) == "government":
            return self._main_rebel(day)
        return next((a.id for a in self._theatre.actors if a.side == "government" and a.camp != camp and _exists(a, day)), None)

    def _holder(self, mark: PlaceMark, day: dt.date) -> str | None:
        told = [(d, a) for d, a in self._holders.get(mark.place.place_id, ()) if d <= day]
        return max(told, key=lambda pair: pair[0])[1] if told else None

    # ---------------------------------------------------------------- status

    def _status(self, candidate: Candidate, kind: EventType, actor: str | None, day: dt.date) -> tuple[Status, str | None]:
        index = self._index(candidate.sentence)
        here = self._said(index)
        first, last = self._part(candidate)
        said = [words for words in here if first <= words.at < last]
        around = [words for words in here if not first <= words.at < last] + (
            self._said(index + 1) if index + 1 < len(self._marks.sentences) else []
        )
        return self._judge.status(kind, actor, day, self._report, own=self._own, said=said, around=around)

    def _index(self, sentence: SentenceMarks) -> int:
        return bisect.bisect_right(self._starts, sentence.sentence.start) - 1

    def _part(self, candidate: Candidate) -> tuple[int, int]:
        """Give the tokens between semicolons around a trigger: whoever speaks there speaks of it."""
        low, sentence = self._marks.tokens.low, candidate.sentence
        first = next((i for i in range(candidate.trigger.first, sentence.first, -1) if low[i] == ";"), sentence.first)
        last = next((i for i in range(candidate.trigger.first, sentence.last) if low[i] == ";"), sentence.last)
        return first, last

    def _said(self, index: int) -> list[Attribution]:
        if index not in self._attributions:
            sentence = self._marks.sentences[index]
            self._attributions[index] = self._judge.attributions(self._marks.tokens, sentence, self._speaker)
        return self._attributions[index]

    def _speaker(self, mark: ActorMark) -> str | None:
        if mark.mention.kind != "pronoun":
            return mark.mention.actor
        if mark.mention.role == "self":
            return self._own
        choices = self._salient(mark, mark.mention.role or "they", self._report.published)
        return self._meant.get(mark.mention.start) or (choices[0] if choices else None)

    def _confidence(self, candidate: Candidate) -> float:
        """A heuristic until it is calibrated: the trigger's strength, less for each thing that had to be guessed."""
        value = _BASE_CONFIDENCE[candidate.trigger.mention.trigger.strength]
        value -= 0.1 * candidate.anaphoric
        value -= 0.1 * (candidate.actor is None)
        value -= 0.05 * (candidate.date is None)
        return round(max(0.05, value), 2)


def _exists(actor: Actor, day: dt.date) -> bool:
    return (actor.start is None or actor.start <= day) and (actor.end is None or day <= actor.end)
