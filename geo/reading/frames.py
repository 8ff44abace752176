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
from geo.reading.tokens import Tokens

_FILLERS = {**CONTROL_FILLERS, **INCIDENT_FILLERS}


class FrameFiller:
    """Reads one report's sentences in order and gives candidates."""

    def __init__(self) -> None:
        self._cutter = ClauseCutter()
        self._factuality = Factuality()
        self._ellipsis = EllipsisReader()
        self._cues = load_scene_cues()
        self.words = self._cues.words

    def fill(self, marks: Marks) -> Iterator[Candidate]:
        """Give the candidates of a report in text order."""
        told = Discourse()
        for sentence in marks.sentences:
            self._enter_line(marks.tokens, sentence, told)
            if not self._factuality.unreal(marks.tokens, sentence) and (sentence.triggers or (sentence.groups and told.last is not None)):
                for candidate in self._sentence(marks.tokens, sentence, told):
                    told.last = candidate
                    yield candidate
            self._remember(sentence, told)

    def _enter_line(self, tokens: Tokens, sentence: SentenceMarks, told: Discourse) -> None:
        """A bullet or a dated note may open with the place and the date that all of it is about."""
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
        usable = [t for t in sentence.triggers if self._usable(tokens, sentence, t)]
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
            if candidate is not None or refused is not None:
                kept.append((clause.trigger, refused))
        # "efforts to break into Popasna failed": the attempt belongs to its failure
        ending = ("fail", "repel")
        good = [
            trigger
            for (trigger, refused), (following, _) in itertools.pairwise([*kept, (None, None)])
            if trigger is not None
            and not (refused in ("infinitive", "intended") and following is not None and following.mention.trigger.frame in ending)
        ]
        return replace_triggers(sentence, good)

    def _usable(self, tokens: Tokens, sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        """Drop light words ("went", "held") where the words beside them do not make them tell of a place."""
        frame = trigger.mention.trigger.frame
        low = tokens.low
        at = trigger.first
        form = trigger.mention.form
        if (
            form in ("base", "third", "any", "ing")
            and at > sentence.first
            and (low[at - 1] in self.words.noun_before or (low[at - 1] == "s" and low[at - 2] == "'"))
        ):
            return False
        if form in ("base", "third") and at > sentence.first and not self._verbal(low, at, sentence):
            return False
        if frame == "fall_light":
            near = [g for g in sentence.groups if 0 <= trigger.first - g.last <= 2 and g.role in ("bare", "of")]
            following = low[trigger.last : trigger.last + 1]
            if low[trigger.last - 1] == "gone" and any(0 <= trigger.first - m.last <= 3 for m in sentence.actors):
                return True
            dated = any(0 <= d.first - trigger.last <= 2 for d in sentence.dates)
            return bool(near) and (
                dated or following in ([","], ["."], [";"], ["too"], ["the"], ["next"], ["on"], ["two"], ["in"], ["soon"])
            )
        if frame == "fall_to":
            return any(0 <= m.first - trigger.last <= 3 for m in sentence.actors)
        if frame == "strike_noun" and low[trigger.last - 1] not in self.words.strike_prepositions:
            return any(-8 <= g.first - trigger.last <= 8 for g in sentence.groups)
        if frame == "hold" and trigger.mention.verb == "have" and low[trigger.last - 1] in ("has", "had", "have", "having"):
            return any(
                0 <= g.first - trigger.last <= 4 and set(low[trigger.last : g.first]) <= self.words.all_of for g in sentence.groups
            ) and bool(sentence.dates)
        if frame == "hold" and form == "base" and low[trigger.last - 1] == "control":
            return any(0 <= g.first - trigger.last <= 3 for g in sentence.groups)
        if frame == "hold":
            return bool(sentence.dates) and bool(sentence.groups or trigger.first - sentence.first < 12)
        return True

    def _verbal(self, low: list[str], at: int, sentence: SentenceMarks) -> bool:
        """Tell "they return to" from "an emotional return to": a verb in the present follows its subject or a light word."""
        before = low[at - 1]
        if not before.isalpha() or before in self.words.adverbs or before in self.words.before_verb or before.endswith("ly"):
            return True
        return (
            any(mark.last == at for mark in (*sentence.actors, *sentence.dates))
            or any(group.last == at for group in sentence.groups)
            or before.endswith("s")
        )

    def _clause(
        self, tokens: Tokens, sentence: SentenceMarks, clause: Clause, earlier: Clause | None, before: Candidate | None, told: Discourse
    ) -> Candidate | None:
        trigger = clause.trigger
        refusal = self._factuality.refuse(tokens, sentence, trigger, clause.begin, clause.end)
        scene = Scene(tokens, sentence, clause, earlier, before, told, self._cues)
        frame = trigger.mention.trigger.frame
        if refusal is not None and not (frame == "fail" or (refusal == "negated" and frame == "repel")):
            return None
        filled = _FILLERS[frame](scene)
        if filled is None or not filled.marks:
            return None
        assign_dates(scene, filled)
        return filled


def replace_triggers(sentence: SentenceMarks, triggers: list[TriggerMark]) -> SentenceMarks:
    """Give a copy of a sentence's marks with other triggers."""
    return replace(sentence, triggers=triggers)
