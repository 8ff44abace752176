"""Fill the frame of each trigger, clause by clause, with what the text told before: reports in, candidates out."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from geo.reading.clauses import Candidate, Clause, ClauseCutter, Discourse
from geo.reading.dating import assign_dates
from geo.reading.ellipsis import EllipsisReader
from geo.reading.factuality import Factuality
from geo.reading.fillers_control import CONTROL_FILLERS
from geo.reading.fillers_incidents import INCIDENT_FILLERS
from geo.reading.marks import Marks, SentenceMarks, TriggerMark
from geo.reading.scene import load_scene_cues
from geo.reading.scene_actors import Scene
from geo.reading.shorthand import read_shorthand
from geo.reading.sieve import TriggerSieve
from geo.reading.tokens import Tokens

_ATTEMPTS = frozenset({"infinitive", "intended"})
_ENDINGS = frozenset({"fail", "repel"})
_FILLERS = {**CONTROL_FILLERS, **INCIDENT_FILLERS}


class FrameFiller:
    """Reads one report's sentences in order and gives candidates."""

    def __init__(self) -> None:
        self._cutter = ClauseCutter()
        self._sieve = TriggerSieve()
        self._factuality = Factuality()
        self._ellipsis = EllipsisReader()
        self._cues = load_scene_cues()

    def fill(self, marks: Marks) -> Iterator[Candidate]:
        """Give the candidates of a report in text order."""
        told = Discourse()
        for sentence in marks.sentences:
            self._enter_line(marks.tokens, sentence, told)
            if not self._factuality.unreal(marks.tokens, sentence) and (sentence.triggers or sentence.groups or sentence.actors):
                for candidate in self._sentence(marks.tokens, sentence, told):
                    told.last = candidate
                    yield candidate
            self._remember(sentence, told)

    def _enter_line(self, tokens: Tokens, sentence: SentenceMarks, told: Discourse) -> None:
        """Give a bullet or a dated note may open with the place and the date that all of it is about."""
        if sentence.sentence.line == told.line:
            if told.topic is not None or sentence.first - told.line_first > 12:
                return
        else:
            told.line, told.topic, told.line_date, told.line_first = sentence.sentence.line, None, None, sentence.first
        for date in sentence.dates[:1]:
            if date.first - told.line_first <= 3:
                told.line_date = date.mention
        for group in sentence.groups[:2]:
            start = group.first - told.line_first
            if start > 10 or group.role not in ("bare", "in", "at", "near"):
                continue
            following = tokens.low[group.last : group.last + 1]
            lead = [t for t in sentence.triggers if t.first < group.first]
            if not lead and (
                following in ([":"], ["."], ["|"], ["/"])
                or (following == ["-"] and not tokens.glued(group.last))
                or (following in ([","], ["("]) and start <= 4 and told.line_date)
            ):
                told.topic = group
                told.places = group.marks
                break

    def _remember(self, sentence: SentenceMarks, told: Discourse) -> None:
        for mark in sentence.actors:
            if mark.mention.actor and mark.mention.kind in ("alias", "form", "generic"):
                told.last_actors.append(mark.mention.actor)
        carried = [d.mention for d in sentence.dates if d.mention.precision != "year"]
        if carried:
            told.date = carried[-1]
        told.marks += [mark for group in sentence.groups for mark in group.marks]
        named = [mark for group in sentence.groups if group.role not in ("container", "dateline", "holder", "near") for mark in group.marks]
        if len(named) > 1:
            told.pair = tuple(named[-2:])
        elif named:
            told.pair = (*told.pair[-1:], named[0])
        if named and told.told_in != sentence.first:
            told.places = tuple(named[-1:])

    def _sentence(self, tokens: Tokens, sentence: SentenceMarks, told: Discourse) -> Iterator[Candidate]:
        usable = [t for t in sentence.triggers if self._sieve.keeps(tokens, sentence, t)]
        trimmed = replace_triggers(sentence, usable)
        if len(usable) > 1:
            trimmed = self._without_idle(tokens, trimmed, told)
        clauses = self._cutter.cut(tokens, trimmed)
        before: Candidate | None = None
        found: list[Candidate] = []
        for index, clause in enumerate(clauses):
            candidate = self._clause(tokens, trimmed, clause, clauses[index - 1] if index else None, before, told)
            if candidate is None:
                continue
            if candidate.actor is not None or candidate.actor_id:
                told.subject = candidate.actor
            told.places, told.told_in = candidate.marks, sentence.first
            before = candidate
            found.append(candidate)
            yield candidate
        yield from self._ellipsis.read_states(tokens, trimmed, found)
        yield from read_shorthand(tokens, trimmed, found, told)
        yield from self._ellipsis.read_shared(tokens, trimmed, found, told)

    def _without_idle(self, tokens: Tokens, sentence: SentenceMarks, told: Discourse) -> SentenceMarks:
        """Drop the triggers that fill no frame: a word that tells nothing ends no clause either."""
        trial = replace(told)
        before: Candidate | None = None
        kept: list[tuple[TriggerMark | None, str | None]] = []
        clauses = self._cutter.cut(tokens, sentence)
        for index, clause in enumerate(clauses):
            refused = self._factuality.refuse(tokens, sentence, clause.trigger, clause.begin, clause.end)
            candidate = self._clause(tokens, sentence, clause, clauses[index - 1] if index else None, before, trial)
            if candidate is not None:
                before, trial.places = candidate, candidate.marks
            ending = clause.trigger.mention.trigger.frame in _ENDINGS and bool(kept) and kept[-1][1] in _ATTEMPTS
            if candidate is not None or refused is not None or ending:
                kept.append((clause.trigger, refused))
        # "efforts to break into Popasna failed": the attempt belongs to its failure
        good = [
            trigger
            for (trigger, refused), (following, _) in itertools.pairwise([*kept, (None, None)])
            if trigger is not None and not (refused in _ATTEMPTS and following is not None and following.mention.trigger.frame in _ENDINGS)
        ]
        return replace_triggers(sentence, good)

    def _clause(  # noqa: PLR0917 - a scene has so many parts
        self, tokens: Tokens, sentence: SentenceMarks, clause: Clause, earlier: Clause | None, before: Candidate | None, told: Discourse
    ) -> Candidate | None:
        trigger = clause.trigger
        refusal = self._factuality.refuse(tokens, sentence, trigger, clause.begin, clause.end)
        scene = Scene(tokens, sentence, clause, earlier, before, told, self._cues)
        frame = trigger.mention.trigger.frame
        opened = marks_since(tokens.low, clause)
        if opened and not any(clause.begin <= d.first < clause.end for d in sentence.dates):
            return None  # "since taking the province": what was before, on no day
        kept = (frame == "fail" and refusal != "question") or (frame == "repel" and refusal == "negated")
        if refusal is not None and not kept:
            return None
        filled = _FILLERS[frame](scene)
        if filled is None or not filled.marks:
            return None
        assign_dates(scene, filled)
        return filled


def marks_since(low: list[str], clause: Clause) -> bool:
    """Tell whether a clause opens with "since"."""
    return low[clause.begin] == "since" or "since" in low[max(clause.begin, clause.trigger.first - 3) : clause.trigger.first]


def replace_triggers(sentence: SentenceMarks, triggers: list[TriggerMark]) -> SentenceMarks:
    """Give a copy of a sentence's marks with other triggers."""
    return replace(sentence, triggers=triggers)
