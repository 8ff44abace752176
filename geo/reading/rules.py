"""The fast reader: frames of the lexicon filled clause by clause, no model."""

import bisect
import datetime as dt
from collections.abc import Sequence

from geo.reading.actors import ActorFinder
from geo.reading.cast import Cast
from geo.reading.clauses import Candidate
from geo.reading.frames import FrameFiller
from geo.reading.marks import Marker, Marks, PlaceMark
from geo.reading.normalise import NO_EVENT_KINDS, Reading, build_event, event_dates, keep_distinct, share_between, share_told
from geo.reading.sources import Attribution, SourceJudge
from geo.reading.triggers import TriggerFinder
from geo.records import CONTROL_TYPES, Event, EventType, Extent, Report, Status, Toponym
from geo.theatre import Theatre

_SHARE_REACH = 9  # tokens behind a trigger in which "all but two quarters of the town" is told
_SURE = 0.92  # confidence of an event of which nothing had to be guessed
_CROWDED = 2  # more triggers than these in a sentence are easily crossed


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
        candidates = list(self._filler.fill(marks))
        if not candidates:
            return []
        return _OneReport(marks, Cast(self._theatre, marks), self._judge).events(candidates)


class _OneReport:
    """One report being judged: who acts, who says so, how much of a place."""

    def __init__(self, marks: Marks, cast: Cast, judge: SourceJudge) -> None:
        self._marks, self._cast, self._judge = marks, cast, judge
        self._report = marks.report
        self._starts = [sentence.sentence.start for sentence in marks.sentences]
        self._attributions: dict[int, list[Attribution]] = {}

    def events(self, candidates: Sequence[Candidate]) -> list[Event]:
        """Give the events of the candidates, each once."""
        self._cast.expect(candidates)
        takers, losers = _named_sides(candidates)
        published = self._report.published
        self._cast.own = self._judge.own_actor(
            self._report, self._marks, takers=takers, losers=losers, rival=lambda actor: self._cast.opponent(actor, published)
        )
        readings = [reading for candidate in candidates for reading in self._judged(candidate)]
        return keep_distinct(build_event(self._report, reading) for reading in readings)

    def _judged(self, candidate: Candidate) -> list[Reading]:
        found: list[Reading] = []
        if self._cast.has_actors and self._cast.own is None and _is_nobodys(candidate):
            return found
        for mark in candidate.marks:
            if mark.place.kind in NO_EVENT_KINDS or mark.role == "dateline":
                continue
            date = candidate.dates.get(mark.first, candidate.date)
            day = event_dates(self._report.published, date)[0]
            kind, extent = self._type_and_extent(candidate, mark)
            actor, target = self._cast.who(candidate, mark, kind, day)
            if kind in CONTROL_TYPES and actor is None and self._cast.has_actors:
                continue
            if kind in ("capture", "transfer") and actor is not None:
                self._cast.hold(mark, actor, day)
            status, attribution = self._status(candidate, kind, actor, day)
            span = candidate.sentence.sentence
            found.append(
                Reading(
                    type=kind,
                    toponym=mark.toponym,
                    start=span.start,
                    end=span.end,
                    date=date,
                    actor=actor,
                    target=target,
                    extent=extent,
                    status=status,
                    attribution=attribution,
                    rule=candidate.rule,
                    confidence=_confidence(candidate),
                )
            )
        if found and found[-1].actor is not None:
            self._cast.remember(candidate, found[-1].actor, found[-1].target)
        return found

    def _type_and_extent(self, candidate: Candidate, mark: PlaceMark) -> tuple[EventType, Extent | None]:
        if candidate.type not in CONTROL_TYPES:
            return candidate.type, None
        if candidate.anaphoric:
            behind = candidate.trigger.last
            share = share_between(self._marks.tokens, behind, min(candidate.end, behind + _SHARE_REACH)) or (
                "less" if candidate.part else None
            )
        else:
            share = share_told(self._marks.tokens, candidate.begin, mark)
        if candidate.type == "capture" and share == "less":
            return "contested", "part"
        if candidate.type == "contested" and share == "nearly":
            return "capture", "part"
        return candidate.type, "part" if share else "full"

    def _status(self, candidate: Candidate, kind: EventType, actor: str | None, day: dt.date) -> tuple[Status, str | None]:
        index = bisect.bisect_right(self._starts, candidate.sentence.sentence.start) - 1
        here = self._said(index)
        following = self._said(index + 1) if index + 1 < len(self._starts) else []
        first, last = self._part(candidate)
        said = [words for words in here if first <= words.at < last]
        around = [words for words in here if not first <= words.at < last] + following
        return self._judge.status(kind, actor, day, self._report, own=self._cast.own, said=said, around=around)

    def _part(self, candidate: Candidate) -> tuple[int, int]:
        """Give the tokens between semicolons around a trigger: whoever speaks there speaks of it."""
        low, sentence = self._marks.tokens.low, candidate.sentence
        first = next((i for i in range(candidate.trigger.first, sentence.first, -1) if low[i] == ";"), sentence.first)
        last = next((i for i in range(candidate.trigger.first, sentence.last) if low[i] == ";"), sentence.last)
        return first, last

    def _said(self, index: int) -> list[Attribution]:
        if index not in self._attributions:
            sentence = self._marks.sentences[index]
            self._attributions[index] = self._judge.attributions(self._marks.tokens, sentence, self._cast.speaker)
        return self._attributions[index]


def _named_sides(candidates: Sequence[Candidate]) -> tuple[list[str], list[str]]:
    """Give who is named as taking or defending places and who as losing them, once for each telling."""
    takers, losers = [], []
    for candidate in candidates:
        actor = candidate.actor.mention.actor if candidate.actor is not None else None
        target = candidate.target.mention.actor if candidate.target is not None else None
        if actor is not None and candidate.type in ("capture", "transfer", "contested", "repelled"):
            takers.append(actor)
        if actor is not None and candidate.type == "withdrawal":
            losers.append(actor)
        if target is not None:
            losers.append(target)
    return takers, losers


def _is_nobodys(candidate: Candidate) -> bool:
    """Tell an active verb whose subject is no actor: a storm, a photograph and a delegation take and enter places too."""
    active = candidate.type in ("capture", "contested") and not candidate.passive and candidate.model is None
    return active and candidate.actor is None and candidate.target is None


def _confidence(candidate: Candidate) -> float:
    """Give the share of such events that was right on half of the training reports, the features taken as independent."""
    guessed = (
        (candidate.anaphoric and candidate.model is None, 0.11),
        (candidate.actor is None, 0.25),
        (candidate.actor is not None and candidate.actor.mention.kind == "pronoun", 0.18),
        (candidate.model is not None, 0.14),
        (candidate.date is None, 0.2),
        (len(candidate.sentence.triggers) > _CROWDED, 0.08),
        (candidate.type in CONTROL_TYPES, 0.1),
    )
    return round(max(0.05, _SURE - sum(loss for told, loss in guessed if told)), 2)
