"""The fast reader: frames of the lexicon filled clause by clause, no model."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from geo.reading.actors import ActorFinder, ActorMention, actor_on
from geo.reading.frames import Candidate, FrameFiller
from geo.reading.marks import ActorMark, Marker, Marks, PlaceMark, SentenceMarks
from geo.reading.normalise import NO_EVENT_KINDS, Reading, build_event, event_dates, keep_distinct, share_told
from geo.reading.sources import Attribution, SourceJudge
from geo.reading.triggers import TriggerFinder
from geo.records import Event, EventType, Extent, Report, Toponym
from geo.theatre import Theatre

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
        self._own = judge.own_actor(marks.report, marks)
        self._holders: dict[str, list[tuple[dt.date, str]]] = {}
        self._recent: list[str] = []
        self._told_to = 0
        self._counts = Counter(str(m.actor) for m in marks.actors if m.actor and m.kind in ("alias", "form", "generic"))

    def events(self) -> list[Event]:
        readings: list[Reading] = []
        for candidate in self._filler.fill(self._marks):
            readings += self._judged(candidate)
        return keep_distinct(build_event(self._report, reading) for reading in readings)

    def _judged(self, candidate: Candidate) -> list[Reading]:
        self._hear(candidate.sentence, candidate.trigger.first)
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
            status, attribution = self._status(candidate, kind, actor, target, day)
            confidence = self._confidence(candidate)
            found.append(Reading(
                type=kind, toponym=mark.toponym, start=candidate.sentence.sentence.start, end=candidate.sentence.sentence.end, date=date, actor=actor, target=target,
                extent=extent, status=status, attribution=attribution, rule=candidate.rule, confidence=confidence,
            ))  # fmt: skip
            if actor is not None and kind != "strike":
                self._recent.append(actor)
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
        actor = self._resolve(candidate.actor, day, mark) if candidate.actor is not None else None
        target = self._resolve(candidate.target, day, mark) if candidate.target is not None else None
        if actor is None and target is not None:
            actor = self._opponent(target, day)
        if actor is None and candidate.actor is None:
            actor = self._taker(mark, day) if kind in ("capture", "transfer", "contested") and candidate.passive else None
            if actor is None and kind == "repelled":
                actor = self._opponent(target, day) if target else self._holder(mark, day)
            if actor is None and kind in ("capture", "contested", "transfer", "withdrawal"):
                actor = self._last(day)
        if target is None and actor is not None and kind not in ("withdrawal", "closure"):
            holder = self._holder(mark, day)
            target = holder if holder is not None and self._camps.get(holder) != self._camps.get(actor) else self._opponent(actor, day)
        if actor is not None and target is not None and self._camps.get(actor, actor) == self._camps.get(target, target):
            target = self._opponent(actor, day)
        return actor, target

    def _resolve(self, mark: ActorMark, day: dt.date, place: PlaceMark) -> str | None:
        mention = mark.mention
        if mention.kind != "pronoun":
            return actor_on(mention, day)
        role = mention.role
        if role == "self":
            return self._own or self._last(day)
        if role == "enemy":
            return self._opponent(self._own or self._last(day), day)
        if role == "holder":
            return self._holder(place, day) or self._opponent(self._last(day), day)
        named = self._named_before(mark)
        if role == "former" and len(named) > 1:
            return named[-2]
        if role == "fighters":
            rebels = [a for a in named if self._sides.get(a) == "non-state"]
            return rebels[-1] if rebels else self._main_rebel(day)
        return named[-1] if named else self._last(day)

    def _named_before(self, mark: ActorMark) -> list[str]:
        """The actors told of before a word that points back, the nearest last."""
        heard = list(self._recent[-3:])
        named = [str(m.actor) for m in self._marks.actors if m.end <= mark.mention.start and m.actor and m.kind in ("alias", "form", "generic")]
        if named and (not heard or self._fresh(mark)):
            return [*heard, *named[-2:]]
        return [*named[-2:], *heard]

    def _fresh(self, mark: ActorMark) -> bool:
        """Whether an actor is named in the same sentence before the mark."""
        sentence = next((s for s in self._marks.sentences if s.sentence.start <= mark.mention.start < s.sentence.end), None)
        return sentence is not None and any(a.mention.actor and a.mention.kind != "holder" and a.last <= mark.first for a in sentence.actors)

    def _hear(self, sentence: SentenceMarks, until: int) -> None:
        self._told_to = until

    def _last(self, day: dt.date) -> str | None:
        if self._recent:
            return self._recent[-1]
        named = [str(m.actor) for m in self._marks.actors if m.actor and m.kind in ("alias", "form", "generic") and m.start <= self._marks.tokens.starts[self._told_to]]
        return named[-1] if named else None

    def _main_rebel(self, day: dt.date) -> str | None:
        rebels = [(count, actor) for actor, count in self._counts.items() if self._sides.get(actor) == "non-state"]
        if rebels:
            return max(rebels)[1]
        return next((a.id for a in self._theatre.actors if a.side == "non-state" and (a.start is None or a.start <= day) and (a.end is None or day <= a.end)), None)

    def _opponent(self, actor: str | None, day: dt.date) -> str | None:
        """The other side: the one told of last or most, else the theatre's own pair."""
        if actor is None:
            return None
        camp = self._camps.get(actor, actor)
        for other in reversed(self._recent):
            if self._camps.get(other, other) != camp:
                return other
        rivals = [(count, other) for other, count in self._counts.items() if self._camps.get(other, other) != camp and self._sides.get(other) != "foreign"]
        rivals = rivals or [(count, other) for other, count in self._counts.items() if self._camps.get(other, other) != camp]
        if rivals:
            return max(rivals)[1]
        side = self._sides.get(actor)
        for other in self._theatre.actors:
            alive = (other.start is None or other.start <= day) and (other.end is None or day <= other.end)
            if alive and other.camp != camp and ((side == "government") != (other.side == "government")):
                return other.id
        return None

    def _holder(self, mark: PlaceMark, day: dt.date) -> str | None:
        told = [(d, a) for d, a in self._holders.get(mark.place.place_id, ()) if d <= day]
        return max(told, key=lambda pair: pair[0])[1] if told else None

    def _taker(self, mark: PlaceMark, day: dt.date) -> str | None:
        """Who takes a place that "fell": the other side than its holder, else whoever was taking places just before."""
        holder = self._holder(mark, day)
        if holder is not None:
            return self._opponent(holder, day)
        return self._last(day)

    # ---------------------------------------------------------------- status

    def _status(self, candidate: Candidate, kind: EventType, actor: str | None, target: str | None, day: dt.date):  # type: ignore[no-untyped-def]
        sentence = candidate.sentence
        index = next(i for i, s in enumerate(self._marks.sentences) if s.sentence.start == sentence.sentence.start)
        said = self._said(self._marks.sentences[index])
        after = self._said(self._marks.sentences[index + 1]) if index + 1 < len(self._marks.sentences) else []
        return self._judge.status(kind, actor, target, day, self._report, self._own, said, after)

    def _said(self, sentence: SentenceMarks) -> list[Attribution]:
        return self._judge.attributions(self._marks.tokens, sentence, self._speaker)

    def _speaker(self, mention: ActorMention) -> str | None:
        if mention.kind == "pronoun":
            return self._own if mention.role == "self" else (self._recent[-1] if self._recent else None)
        return mention.actor

    def _confidence(self, candidate: Candidate) -> float:
        """A heuristic until it is calibrated: the trigger's strength, less for each thing that had to be guessed."""
        value = _BASE_CONFIDENCE[candidate.trigger.mention.trigger.strength]
        value -= 0.1 * candidate.anaphoric
        value -= 0.1 * (candidate.actor is None)
        value -= 0.05 * (candidate.date is None)
        return round(max(0.05, value), 2)
