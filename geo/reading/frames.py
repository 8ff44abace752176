"""Fill the frame of each trigger: which places, who acts, who loses, on which date; clause by clause, with what the text told before."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from geo.reading.actors import ActorMention, actor_on
from geo.reading.dates import DateMention
from geo.reading.factuality import Factuality
from geo.reading.marks import ActorMark, DateMark, Marks, PlaceGroup, PlaceMark, SentenceMarks, TriggerMark, load_cues
from geo.reading.tokens import PhraseTable, Tokens
from geo.reading.triggers import Trigger, TriggerMention
from geo.records import EventType

_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "got", "get", "gets", "s", "s"])
_ADVERBS = frozenset(
    ["also", "since", "then", "later", "now", "finally", "again", "again", "not", "never", "only", "just", "twice", "once", "quickly", "briefly", "already", "still", "fully", "partly", "largely", "completely", "entirely", "wholly", "in", "on", "at", "by", "the", "last", "first", "soon", "all", "both", "each", "itself", "themselves", "himself", "reportedly", "duly", "eventually", "recently", "itself", "almost", "nearly", "said", ",", "having", "has", "had", "have", "been", "be", "long", "too", "ever", "easily", "at", "once", "temporarily", "meanwhile", "subsequently", "thus", "previously"]
)
_OBJECT_ROLES = frozenset(["bare", "of"])
_MOVE_ROLES = frozenset(["bare", "into", "in", "to", "inside", "through", "on", "onto", "at", "over", "back", "of"])
_LEAVE_ROLES = frozenset(["bare", "from", "of", "off", "at", "in"])
_ANY_ROLES = frozenset(
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


@dataclass(slots=True)
class Candidate:
    """What one trigger says: an event for each mark, before it is judged who says so."""

    type: EventType
    rule: str
    trigger: TriggerMark
    sentence: SentenceMarks
    marks: tuple[PlaceMark, ...]
    begin: int
    end: int
    actor: ActorMark | None = None
    actor_id: str | None = None
    target: ActorMark | None = None
    target_id: str | None = None
    date: DateMention | None = None
    dates: dict[int, DateMention] = field(default_factory=dict)
    passive: bool = False
    anaphoric: bool = False
    agent_unknown: bool = False
    group: PlaceGroup | None = None
    model: "Candidate | None" = None


@dataclass(slots=True)
class Discourse:
    """What the text has told so far, for words that point back."""

    subject: ActorMark | None = None
    subject_id: str | None = None
    last_actors: list[str] = field(default_factory=list)
    places: tuple[PlaceMark, ...] = ()
    pair: tuple[PlaceMark, ...] = ()
    topic: PlaceGroup | None = None
    line: int = -1
    line_first: int = 0
    date: DateMention | None = None
    line_date: DateMention | None = None
    last: Candidate | None = None
    told_in: int = -1
    marks: list[PlaceMark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with one trigger; ``joint`` is the word that opens it."""

    begin: int
    end: int
    trigger: TriggerMark
    joint: str


class ClauseCutter:
    """Cuts sentences into clauses, one for each trigger."""

    def __init__(self) -> None:
        clauses = load_cues()["clauses"]
        self._subordinators = frozenset(clauses["subordinators"])
        self._coordinators = frozenset(clauses["coordinators"])

    def cut(self, tokens: Tokens, sentence: SentenceMarks) -> list[Clause]:
        """Give the clauses of a sentence in order."""
        triggers = sentence.triggers
        if not triggers:
            return []
        inside = _inside(sentence)
        bounds = [(sentence.first, "")]
        for before, after in zip(triggers, triggers[1:], strict=False):
            bounds.append(self._boundary(tokens, before.last, after.first, inside))
        # a strong mark before the first trigger also opens its clause
        clauses = []
        for index, trigger in enumerate(triggers):
            begin, joint = bounds[index]
            end = bounds[index + 1][0] if index + 1 < len(triggers) else sentence.last
            clauses.append(Clause(begin, end, trigger, joint))
        return clauses

    def _boundary(self, tokens: Tokens, first: int, last: int, inside: frozenset[int]) -> tuple[int, str]:
        best, rank, word = last, -1.0, ""
        low = tokens.low
        for index in range(first, last):
            if index in inside:
                continue
            token = low[index]
            value = -1.0
            if token == ";":
                value = 6.0
            elif token in (":", "—", "(", ")", "|") or (token == "-" and not tokens.glued(index)):
                value = 4.0
            elif token in self._subordinators:
                value = 3.5
            elif token in self._coordinators:
                value = 3.0 if index > 0 and low[index - 1] == "," else 2.0
            elif token == ",":
                value = 1.5
            if value >= rank and value > 0:
                best, rank, word = index, value, token
        return best, word


def _inside(sentence: SentenceMarks) -> frozenset[int]:
    """Give the tokens inside lists and mentions, where no clause ends."""
    taken: set[int] = set()
    for group in sentence.groups:
        taken.update(range(group.first, group.last))
    for mark in (*sentence.dates, *sentence.actors):
        if mark.last - mark.first > 1:
            taken.update(range(mark.first, mark.last))
    return frozenset(taken)


class FrameFiller:
    """Reads one report's sentences in order and gives candidates."""

    def __init__(self) -> None:
        cues = load_cues()
        self._cutter = ClauseCutter()
        self._factuality = Factuality()
        anaphora = cues["place_anaphora"]
        entries = [(phrase, "singular") for phrase in anaphora["singular"]] + [(phrase, "plural") for phrase in anaphora["plural"]]
        self.anaphora = PhraseTable(entries)
        self.kinds = {noun: tuple(kinds) for noun, kinds in cues["kinds"].items()}
        self.nouns = frozenset(anaphora["nouns"])
        self.unopposed = PhraseTable((phrase, True) for phrase in cues["unopposed"]["phrases"])
        self.attacks = frozenset(cues["attack_nouns"]["words"])
        self._closable = frozenset(cues["closable"]["words"])
        self._intention = frozenset(cues["factuality"]["intention"])

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

    # ------------------------------------------------------------ sentences and lines

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

    # ------------------------------------------------------------ clauses

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
        yield from self._since(tokens, trimmed, found)
        yield from self._ellipses(tokens, trimmed, found, told)

    def _since(self, tokens: Tokens, sentence: SentenceMarks, found: list[Candidate]) -> Iterator[Candidate]:
        """Read a state with an onset and no verb: "Rubaya (M23 since 30 April)", "Khan Shaykhun, theirs since Saturday"."""
        low = tokens.low
        used = {mark.first for candidate in found for mark in candidate.marks}
        for date in sentence.dates:
            if "since" not in low[max(0, date.first - 2) : date.first + 1]:
                continue
            actor = next((a for a in reversed(sentence.actors) if 0 <= date.first - a.last <= 4 and a.mention.kind != "holder"), None)
            if actor is None:
                continue
            group = next((g for g in reversed(sentence.groups) if 0 <= actor.first - g.last <= 4 and g.role in ("bare", "in", "of")), None)
            if group is None or group.first in used or any(group.first < t.first < date.first for t in sentence.triggers):
                continue
            if not set(low[group.last : actor.first]) <= _STATE_WORDS or not set(low[actor.last : date.first]) <= _STATE_WORDS:
                continue
            trigger = TriggerMark(date.first, date.last, _SINCE)
            held = Candidate(
                type="capture", rule="held-since", trigger=trigger, sentence=sentence, marks=group.marks, begin=group.first, end=date.last, actor=actor, date=date.mention,
                passive=True, group=group,
            )  # fmt: skip
            found.append(held)
            yield held

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
            trigger for (trigger, refused), (following, _) in itertools.pairwise([*kept, (None, None)])
            if trigger is not None and not (refused in ("infinitive", "intended") and following is not None and following.mention.trigger.frame in ending)
        ]  # fmt: skip
        return replace_triggers(sentence, good)

    def _ellipses(self, tokens: Tokens, sentence: SentenceMarks, found: list[Candidate], told: Discourse) -> Iterator[Candidate]:
        """Read "Shire on the 17th, Axum likewise": names without a verb of their own share the verb told before."""
        used = {mark.first for candidate in found for mark in candidate.marks}
        low = tokens.low
        for group in sentence.groups:
            if group.first in used or group.role not in ("bare", "in", "to", "from", "into", "of"):
                continue
            earlier = [c for c in found if c.trigger.first < group.first]
            model = earlier[-1] if earlier else (told.last if not sentence.triggers else None)
            if model is not None and model.sentence.sentence.line != sentence.sentence.line:
                model = None
            if model is None or model.type not in ("capture", "withdrawal", "transfer", "contested", "strike", "repelled"):
                continue
            begin, end = self._segment(tokens, sentence, group)
            if any(begin <= t.first < end for t in sentence.triggers):
                continue
            if group.role not in ("bare",) and (not model.marks or group.role != model.marks[0].role):
                continue
            dates = self._beside(low, sentence, group)
            likewise = any(word in _LIKEWISE for word in low[begin:end])
            if not dates and not likewise:
                continue
            words = [
                w
                for i, w in enumerate(low[begin:end], start=begin)
                if not group.first <= i < group.last and not any(d.first <= i < d.last for d in dates)
            ]
            if sum(word.isalpha() for word in words) > 9:
                continue
            actors = [a for a in sentence.actors if begin <= a.first < end and a.mention.kind != "holder"]
            actor = next((a for a in actors if low[a.first - 1] in ("by", "to", "of")), None)
            copy = replace(
                model,
                sentence=sentence,
                marks=group.marks,
                begin=begin,
                end=end,
                date=dates[0].mention if dates else model.date,
                dates={},
                rule=model.rule + "+",
                group=None,
                anaphoric=True,
            )
            copy.model = model
            if actor is not None:
                copy.actor, copy.target, copy.model = actor, None, None
            found.append(copy)
            told.places = group.marks
            yield copy

    def _beside(self, low: list[str], sentence: SentenceMarks, group: PlaceGroup) -> list[DateMark]:
        """Give the dates right before or behind a list of names, the nearer first; a mark between counts for two words more."""
        found = []
        for date in sentence.dates:
            between = low[group.last : date.first] if date.first >= group.last else low[date.last : group.first]
            gap = len(between) + 2 * sum(word in _BREAKS for word in between)
            if len(between) <= 3 and (date.first >= group.last or date.last <= group.first):
                if date.first >= group.last and date.mention.backward:
                    continue
                found.append((0 if date.mention.backward else gap, date.first, date))
        return [date for _, _, date in sorted(found, key=lambda entry: entry[:2])]

    def _segment(self, tokens: Tokens, sentence: SentenceMarks, group: PlaceGroup) -> tuple[int, int]:
        """The tokens between the marks or joints that enclose a list of names."""
        low = tokens.low
        taken = {i for d in sentence.dates for i in range(d.first, d.last)}
        begin = group.first
        while begin > sentence.first and (low[begin - 1] not in _BREAKS or begin - 1 in taken) and group.first - begin < 12:
            begin -= 1
        end = group.last
        while end < sentence.last and (low[end] not in _BREAKS or end in taken) and end - group.last < 12:
            end += 1
        # a date set off by commas belongs in: "and, two days later, Axum"
        for date in sentence.dates:
            if 0 <= begin - date.last <= 1:
                begin = date.first
            if 0 <= date.first - end <= 1:
                end = date.last
        return begin, end

    def _usable(self, tokens: Tokens, sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        """Drop light words ("went", "held") where the words beside them do not make them tell of a place."""
        frame = trigger.mention.trigger.frame
        low = tokens.low
        at = trigger.first
        form = trigger.mention.form
        if (
            form in ("base", "third", "any", "ing")
            and at > sentence.first
            and (low[at - 1] in _NOUN_BEFORE or (low[at - 1] == "s" and low[at - 2] == "'"))
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
        if frame == "strike_noun" and low[trigger.last - 1] not in _PREPOSITIONS:
            return any(-8 <= g.first - trigger.last <= 8 for g in sentence.groups)
        if frame == "hold" and trigger.mention.verb == "have" and low[trigger.last - 1] in ("has", "had", "have", "having"):
            return any(0 <= g.first - trigger.last <= 4 and set(low[trigger.last : g.first]) <= _ALL_OF for g in sentence.groups) and bool(sentence.dates)
        if frame == "hold" and form == "base" and low[trigger.last - 1] == "control":
            return any(0 <= g.first - trigger.last <= 3 for g in sentence.groups)
        if frame == "hold":
            return bool(sentence.dates) and bool(sentence.groups or trigger.first - sentence.first < 12)
        return True

    def _verbal(self, low: list[str], at: int, sentence: SentenceMarks) -> bool:
        """Tell "they return to" from "an emotional return to": a verb in the present follows its subject or a light word."""
        before = low[at - 1]
        if not before.isalpha() or before in _ADVERBS or before in _BEFORE_VERB or before.endswith("ly"):
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
        scene = _Scene(tokens, sentence, clause, earlier, before, told, self)
        frame = trigger.mention.trigger.frame
        if refusal is not None and not (frame == "fail" or (refusal == "negated" and frame == "repel")):
            return None
        filled = getattr(self, f"_fill_{frame}")(scene)
        if filled is None or not filled.marks:
            return None
        _date(scene, filled)
        return filled

    # ------------------------------------------------------------ one frame each

    def _fill_gain(self, scene: "_Scene") -> Candidate | None:
        name = scene.clause.trigger.mention.trigger.name
        roles = _MOVE_ROLES if name == "march-in" else _OBJECT_ROLES
        if scene.passive():
            marks, anaphoric = scene.subject_places()
            if not marks:
                return None
            agent = scene.actor_after("by")
            if agent is None and scene.person_subject():
                return None
            victim = scene.actor_after("of", "from") if scene.clause.trigger.mention.verb in _RIDDING | {"recover", "take", "wrest", "win", "tear", "snatch", "seize", "prise"} else None
            return scene.candidate("capture", marks, agent, target=victim, passive=True, anaphoric=anaphoric)
        group = scene.object_group(roles)
        actor = scene.subject_actor()
        if scene.clause.trigger.mention.verb in _RIDDING:
            ridden = next((g for g in scene.groups_after() if g.role == "of"), None)
            if ridden is not None:
                return scene.candidate("capture", ridden.marks, actor, group=ridden, target=scene.actor_object())
        if group is not None and not scene.person_object(group):
            return scene.candidate("capture", group.marks, actor, group=group, target=scene.actor_after("from"))
        if group is None:
            fronted = scene.relative_place() or scene.fronted_object(actor)
            if fronted:
                return scene.candidate("capture", fronted, actor)
            if name == "march-in" and scene.tokens.low[scene.clause.trigger.last - 1] == "in" and actor is not None:
                marks = scene.topic() or scene.told_places()
                if marks:
                    return scene.candidate("capture", marks, actor, anaphoric=True)
            marks = scene.anaphor_after()
            if marks:
                return scene.candidate("capture", marks, actor, anaphoric=True, target=scene.actor_after("from"))
            if scene.fragment():
                marks, anaphoric = scene.subject_places()
                if marks:
                    return scene.candidate("capture", marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric)
        return None

    def _fill_fall(self, scene: "_Scene") -> Candidate | None:
        marks, anaphoric = scene.subject_places()
        if not marks:
            return None
        if scene.clause.trigger.mention.verb in ("surrender", "capitulate") and scene.object_group(_OBJECT_ROLES) is not None:
            return None
        gainer = scene.actor_after("to", "of", "under", "hands")
        return scene.candidate("capture", marks, gainer, passive=True, anaphoric=anaphoric)

    def _fill_fall_light(self, scene: "_Scene") -> Candidate | None:
        gone = scene.gone_actor()
        if gone is not None:
            group = scene.object_group(_LEAVE_ROLES)
            marks = group.marks if group else scene.topic() or scene.told_places()
            return scene.candidate("withdrawal", marks, gone, group=group) if marks else None
        return self._fill_fall(scene)

    def _fill_fall_to(self, scene: "_Scene") -> Candidate | None:
        marks, anaphoric = scene.subject_places()
        gainer = scene.actor_right_after()
        return scene.candidate("capture", marks, gainer, passive=True, anaphoric=anaphoric) if marks and gainer else None

    def _fill_lose(self, scene: "_Scene") -> Candidate | None:
        if scene.passive() or scene.fragment():
            marks, anaphoric = scene.subject_places()
            loser = scene.actor_after("by")
            return (
                scene.candidate("capture", marks, scene.actor_after("to"), target=loser, passive=True, anaphoric=anaphoric)
                if marks
                else None
            )
        group = scene.object_group(_OBJECT_ROLES)
        marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
        if not marks:
            return None
        return scene.candidate(
            "capture", marks, scene.actor_after("to"), target=scene.subject_actor(), group=group, anaphoric=group is None
        )

    def _fill_expel(self, scene: "_Scene") -> Candidate | None:
        group = scene.object_group(frozenset(["from", "of", "off"]))
        if scene.passive():
            source = group.marks if group else scene.relative_place() or scene.anaphor_after("from", "of")
            if not source:
                return None
            return scene.candidate("capture", source, scene.actor_after("by"), target=scene.subject_actor(), passive=True, group=group)
        victim = scene.actor_object()
        if victim is None:
            return self._fill_gain(scene) if scene.clause.trigger.mention.verb in ("clear", "cleanse", "purge", "rid") else None
        if scene.clause.trigger.mention.verb in ("clear", "rid", "cleanse", "purge"):
            return None
        source = group.marks if group else scene.relative_place() or scene.anaphor_after("from", "of")
        actor = scene.subject_actor()
        if not source and actor is not None and scene.clause.trigger.mention.verb in _EVICTING and scene.intransitive_after(victim):
            source = scene.topic() or scene.told_places()
        if not source:
            return None
        return scene.candidate("capture", source, actor, target=victim, group=group)

    def _fill_leave(self, scene: "_Scene") -> Candidate | None:
        if scene.passive() and scene.clause.trigger.mention.verb in (
            "evacuate",
            "abandon",
            "vacate",
            "desert",
            "quit",
            "leave",
            "relinquish",
            "surrender",
            "give",
            "yield",
        ):
            marks, anaphoric = scene.subject_places()
            if not marks:
                return None
            gainer = scene.actor_after("to")
            loser = scene.actor_after("by")
            if gainer is not None:
                return scene.candidate("capture", marks, gainer, target=loser, passive=True, anaphoric=anaphoric)
            return scene.candidate("withdrawal", marks, loser, passive=True, anaphoric=anaphoric)
        group = scene.object_group(_LEAVE_ROLES)
        loser = scene.subject_actor()
        marks = group.marks if group else scene.relative_place() or scene.fronted_object(loser) or scene.anaphor_after() or scene.topic()
        if not marks and loser is not None and scene.intransitive():
            marks = scene.told_places()
        if not marks or (loser is None and not scene.told.topic):
            return None
        gainer = scene.actor_after("to") if scene.clause.trigger.mention.verb in _CEDING else None
        if gainer is not None:
            return scene.candidate("capture", marks, gainer, target=loser, group=group, anaphoric=group is None)
        return scene.candidate("withdrawal", marks, loser, group=group, anaphoric=group is None)

    def _fill_yield(self, scene: "_Scene") -> Candidate | None:
        gainer = scene.actor_after("to")
        if scene.passive() or scene.fragment():
            marks, anaphoric = scene.subject_places()
            return (
                scene.candidate("transfer", marks, gainer, target=scene.actor_after("by"), passive=True, anaphoric=anaphoric)
                if marks
                else None
            )
        group = scene.object_group(_OBJECT_ROLES)
        marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
        if not marks:
            return None
        return scene.candidate("transfer", marks, gainer, target=scene.subject_actor(), group=group, anaphoric=group is None)

    def _fill_enter(self, scene: "_Scene") -> Candidate | None:
        kind: EventType = "capture" if scene.unopposed(self.unopposed) else "contested"
        if scene.passive():
            marks, anaphoric = scene.subject_places()
            return scene.candidate(kind, marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric) if marks else None
        group = scene.object_group(_MOVE_ROLES)
        marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
        return scene.candidate(kind, marks, scene.subject_actor(), group=group, anaphoric=group is None) if marks else None

    def _fill_fight(self, scene: "_Scene") -> Candidate | None:
        group = scene.any_group(_ANY_ROLES)
        marks = group.marks if group else scene.anaphor_after() or scene.topic()
        if not marks:
            return None
        return scene.candidate(scene.clause.trigger.mention.trigger.type, marks[:1], scene.subject_actor(), group=group)

    def _fill_hold(self, scene: "_Scene") -> Candidate | None:
        """A state with an onset: "in rebel hands since Friday"."""
        since = scene.since()
        if since is None:
            return None
        low = scene.tokens.low
        trigger = scene.clause.trigger
        possessive = low[trigger.last - 1] in ("ours", "theirs", "his", "its")
        if (
            scene.clause.trigger.mention.verb in ("hold", "control", "rule", "own", "have", "govern", "run")
            and low[trigger.last - 1] != "by"
        ):
            group = scene.object_group(_OBJECT_ROLES)
            marks = group.marks if group else scene.anaphor_after()
            holder = scene.subject_actor()
            if trigger.mention.verb == "have" and (group is None or not set(low[trigger.last : group.first]) <= _ALL_OF):
                return None
            return scene.candidate("capture", marks, holder, group=group) if marks and holder else None
        marks, anaphoric = scene.subject_places()
        if not marks:
            return None
        holder = scene.pronoun_at(trigger) if possessive else scene.actor_right_after()
        return scene.candidate("capture", marks, holder, passive=True, anaphoric=anaphoric) if holder else None

    def _fill_repel(self, scene: "_Scene") -> Candidate | None:
        attack = scene.attack_noun(self.attacks)
        group = scene.any_group(_ANY_ROLES)
        marks = group.marks if group else scene.anaphor_after() or scene.topic()
        if not marks or not (
            attack
            or (
                scene.clause.trigger.mention.verb in ("repel", "repulse", "beat", "throw", "hurl", "drive", "push")
                and scene.actor_object() is not None
            )
        ):
            return None
        if scene.passive():
            return scene.candidate("repelled", marks, scene.actor_after("by"), target=scene.attacker(), passive=True, group=group)
        return scene.candidate("repelled", marks, scene.subject_actor(), target=scene.attacker(), group=group)

    def _fill_fail(self, scene: "_Scene") -> Candidate | None:
        verb = scene.clause.trigger.mention.verb
        tried = verb in ("try", "attempt", "fail") and scene.tokens.low[scene.clause.trigger.last - 1] not in ("failed", "fail", "fails")
        attack = scene.attack_noun(self.attacks)
        if not tried and not attack:
            return None
        if verb in ("try", "attempt") and not scene.failure_told():
            return None
        group = scene.any_group(_ANY_ROLES)
        marks = group.marks if group else scene.anaphor_after() or scene.topic()
        if not marks:
            return None
        attacker = scene.subject_actor() if tried else scene.attacker()
        return scene.candidate("repelled", marks, scene.actor_after("by"), target=attacker, passive=True, group=group)

    def _fill_strike(self, scene: "_Scene") -> Candidate | None:
        if scene.passive():
            marks, anaphoric = scene.subject_places()
            group = None
            if not marks or marks[0].role not in ("bare", "of"):
                group = scene.any_group(_ANY_ROLES)
                marks = group.marks if group else marks
            return (
                scene.candidate("strike", marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric, group=group) if marks else None
            )
        group = scene.any_group(_ANY_ROLES)
        marks = group.marks if group else scene.anaphor_after() or scene.topic()
        if not marks:
            return None
        verb = scene.clause.trigger.mention.verb
        marks = (*marks, *scene.other_targets(group))
        actor = scene.subject_actor()
        if (
            verb
            in ("destroy", "burn", "attack", "raid", "target", "visit", "treat", "work", "land", "fall", "set", "hit", "strike", "blow")
            and actor is None
            and not scene.weapon()
        ):
            return None
        return scene.candidate("strike", marks, actor, group=group)

    def _fill_strike_noun(self, scene: "_Scene") -> Candidate | None:
        group = scene.any_group(_ANY_ROLES)
        marks = group.marks if group else scene.topic()
        if not marks or not scene.happening():
            return None
        return scene.candidate("strike", marks, scene.actor_beside(), group=group)

    def _fill_close(self, scene: "_Scene") -> Candidate | None:
        low = scene.tokens.low
        closable = any(low[i] in self._closable for i in range(max(scene.sentence.first, scene.clause.begin - 3), scene.clause.end))
        if scene.passive() or scene.fragment():
            marks, _ = scene.subject_places()
            actor = scene.actor_after("by")
        else:
            group = scene.object_group(_OBJECT_ROLES | {"to", "at", "from"})
            marks = group.marks if group else scene.relative_place() or scene.subject_places()[0]
            actor = scene.subject_actor()
        if not marks:
            return None
        if scene.roads_behind():
            led = (
                scene.groups_after()[-1].marks
                if scene.groups_after() and scene.groups_after()[-1].role == "near"
                else scene.anaphor_after("to", "into", "around")
            )
            marks = (*marks, *(m for m in led if m not in marks))
        good = tuple(m for m in marks if m.place.kind in ("road", "airport", "crossing", "base", "facility") or closable)
        return scene.candidate("closure", good, actor) if good else None

    def _fill_noun(self, scene: "_Scene") -> Candidate | None:
        trigger = scene.clause.trigger
        low = scene.tokens.low
        kind = scene.clause.trigger.mention.trigger.type
        if low[trigger.last - 1] in ("of", "from"):
            group = next((g for g in scene.sentence.groups if 0 <= g.first - trigger.last <= 5), None)
        else:
            group = next((g for g in scene.sentence.groups if g.role == "holder" and 0 <= trigger.first - g.last <= 3), None)
        if group is None or not scene.dated_near(trigger):
            return None
        loss = "loss" in low[trigger.first : trigger.last]
        by = scene.actor_after("by", "to")
        owner = scene.actor_beside()
        if kind == "withdrawal":
            return scene.candidate("withdrawal", group.marks, by or owner)
        if loss:
            return scene.candidate("capture", group.marks, scene.actor_after("to"), target=owner, passive=True)
        return scene.candidate("capture", group.marks, by or owner, passive=by is None and owner is None)


def replace_triggers(sentence: SentenceMarks, triggers: list[TriggerMark]) -> SentenceMarks:
    """Give a copy of a sentence's marks with other triggers."""
    return replace(sentence, triggers=triggers)


@dataclass(slots=True)
class _Scene:
    """One clause with everything that a frame may ask about it."""

    tokens: Tokens
    sentence: SentenceMarks
    clause: Clause
    earlier: Clause | None
    before: Candidate | None
    told: Discourse
    filler: FrameFiller

    # -------- voice

    def passive(self) -> bool:
        mention = self.clause.trigger.mention
        if mention.form not in ("part", "regular", "past", "any"):
            return False
        low, at = self.tokens.low, self.clause.trigger.first
        for index in range(at - 1, max(self.clause.begin, at - 6) - 1, -1):
            word = low[index]
            if word in _BE:
                return not (word == "s" and (index == 0 or low[index - 1] != "'" or self._is_genitive(index)))
            if word in ("has", "have", "had") and index + 1 < len(low) and low[index + 1] not in ("been", "also", "already", "since"):
                return False
            if word not in _ADVERBS and not any(d.first <= index < d.last for d in self.sentence.dates):
                break
        if mention.form in ("part", "regular", "any"):
            nxt = low[self.clause.trigger.last : self.clause.trigger.last + 4]
            if "by" in nxt[:1] or ("by" in nxt and any(d.first <= self.clause.trigger.last + 1 < d.last for d in self.sentence.dates)):
                return True
        return False

    def _is_genitive(self, index: int) -> bool:
        return any(mark.last >= index and mark.first < index for mark in self.sentence.actors) or any(
            g.last >= index - 1 and g.first < index for g in self.sentence.groups
        )

    def fragment(self) -> bool:
        """A participle without subject or object: "Overrun by rebels on Friday", "Zardana: captured"."""
        mention = self.clause.trigger.mention
        if mention.form not in ("part", "regular", "any"):
            return False
        if self.object_group(_OBJECT_ROLES) is not None:
            return False
        between = self.subject_actor_local()
        return between is None

    # -------- places

    def groups_after(self) -> list[PlaceGroup]:
        low, last = self.tokens.low, self.clause.trigger.last
        end = next((i for i in range(last, self.clause.end) if low[i] in (";", "while", "whereas")), self.clause.end)
        return [g for g in self.sentence.groups if last <= g.first < end and g.role not in ("container", "dateline", "holder")]

    def groups_before(self) -> list[PlaceGroup]:
        return [
            g
            for g in self.sentence.groups
            if self.clause.begin <= g.first and g.last <= self.clause.trigger.first and g.role not in ("container", "dateline", "holder")
        ]

    def object_group(self, roles: frozenset[str]) -> PlaceGroup | None:
        """The first list of names behind the trigger in one of these roles, nothing but light words between."""
        for group in self.groups_after():
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
        """A comma and an actor between the verb and the name: "since taking control, HTS has governed Idlib"."""
        low = self.tokens.low
        return any(
            self.clause.trigger.last < mark.first and mark.last <= group.first and low[mark.first - 1] == "," and mark.mention.kind != "holder"
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
            if later.role in (*roles, group.role) and joined and len(rest) <= 6 and all(w in _JOINTS for w in rest):
                marks += later.marks
                last = later.last
            else:
                break
        return replace(group, marks=tuple(marks), last=last)

    def any_group(self, roles: frozenset[str]) -> PlaceGroup | None:
        after = [g for g in self.groups_after() if g.role in roles and g.marks[0].place.kind not in _NO_SCENE]
        before = [g for g in self.groups_before() if g.role in roles and g.marks[0].place.kind not in _NO_SCENE]
        if after and after[0].first - self.clause.trigger.last <= 10:
            return self._with_more(after[0], roles)
        if before:
            return before[-1]
        return self._with_more(after[0], roles) if after else None

    def other_targets(self, group: PlaceGroup | None) -> tuple[PlaceMark, ...]:
        """The other names struck: "hit a hospital in Aleppo and a camp in Idlib"."""
        if group is None or group.first < self.clause.trigger.last:
            return ()
        return tuple(
            mark for later in self.groups_after() for mark in later.marks
            if later.first >= group.last and later.role in ("in", "at", "on", "near", "bare") and "and" in self.tokens.low[group.last : later.first] and mark not in group.marks
        )  # fmt: skip

    def subject_places(self) -> tuple[tuple[PlaceMark, ...], bool]:
        """The places that the verb says something of: before it, or told just before."""
        low = self.tokens.low
        begin = self.clause.begin
        word = low[begin] if begin < len(low) else ""
        before = [g for g in self.groups_before() if g.role == "bare"]
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

    def _antecedent(self, word: str) -> tuple[PlaceMark, ...]:
        """The place before "which", "where": "Hama, which fell on Thursday"."""
        if word not in ("which", "where", "whence", "whose", "that"):
            return ()
        nearest = [
            g for g in self.sentence.groups if g.last <= self.clause.begin and self.clause.begin - g.last <= 2 and g.role != "dateline"
        ]
        if not nearest:
            nearest = [
                g
                for g in self.sentence.groups
                if g.last <= self.clause.begin
                and self.clause.begin - g.last <= 12
                and g.role not in ("dateline", "near", "container", "holder")
            ]
        return nearest[-1].marks[-1:] if nearest else ()

    def relative_place(self) -> tuple[PlaceMark, ...]:
        """The place that "which the rebels took" is about."""
        begin = self.clause.begin
        word = self.tokens.low[begin] if begin < len(self.tokens.low) else ""
        found = self._antecedent(word) if word in ("which", "that", "where", "whence") else ()
        if found:
            return found
        for index in range(self.clause.begin, self.clause.trigger.first):
            if self.tokens.low[index] in ("which", "where", "that", "whence"):
                nearest = [
                    g
                    for g in self.sentence.groups
                    if g.last <= index and index - g.last <= 12 and g.role not in ("near", "container", "dateline")
                ]
                if nearest:
                    return nearest[-1].marks[-1:]
        return ()

    def fronted_object(self, actor: ActorMark | None) -> tuple[PlaceMark, ...]:
        """The name before the subject: "Mongbwalu the Hema retook on Monday"."""
        if actor is None:
            return ()
        found = [g for g in self.sentence.groups if g.role == "bare" and 0 <= actor.first - g.last <= 2 and g.first >= self.clause.begin]
        return found[-1].marks if found and "," not in self.tokens.low[found[-1].last : actor.first] else ()

    def anaphor_after(self, *prepositions: str) -> tuple[PlaceMark, ...]:
        last = min(self.clause.end, self.clause.trigger.last + 8)
        return self._anaphor(self.clause.trigger.last, last, prepositions) or ()

    def _anaphor(self, first: int, last: int, prepositions: tuple[str, ...] = ()) -> tuple[PlaceMark, ...] | None:
        low = self.tokens.low
        for index in range(first, last):
            hit = self.filler.anaphora.find(low, index, self.sentence.last) or self._noun_phrase(index, last)
            if hit is None or (prepositions and low[index - 1] not in prepositions):
                continue
            words = low[index : hit[0]]
            if words == [
                "former",
            ] or words == ["the", "former"]:
                return self.told.pair[:1] or None
            if words == ["the", "latter"]:
                return self.told.pair[-1:] or None
            kinds = self.filler.kinds.get(words[-1]) if len(words) > 1 else None
            if kinds is not None:
                found = self._of_kind(index, kinds)
                if found:
                    return found
                if words[-1] not in _LOOSE_NOUNS:
                    continue
            places = self._earlier_places(index)
            if not places:
                continue
            return places if hit[1][0] == "plural" else places[-1:] if len(places) > 1 and words != ["it"] else places[:1]
        return None

    def _noun_phrase(self, index: int, last: int) -> tuple[int, tuple[str, ...]] | None:
        """Read "the old crossroads town" as pointing back to a place."""
        low = self.tokens.low
        if low[index] not in ("the", "this", "that"):
            return None
        for at in range(index + 2, min(index + 5, last)):
            if low[at] in self.filler.nouns:
                named = any(g.first <= at + 3 and g.last > index for g in self.sentence.groups)
                return None if named else (at + 1, ("singular",))
            if not low[at].isalpha() or low[at] in ("of", "in", "to", "and", "by"):
                return None
        return None

    def _of_kind(self, index: int, kinds: tuple[str, ...]) -> tuple[PlaceMark, ...]:
        """The place of one of these kinds told last: in this sentence, else before."""
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
        """The places told of last before the trigger."""
        return self._earlier_places(self.clause.trigger.first)[-1:]

    def gone_actor(self) -> ActorMark | None:
        """The actor right before "gone": "the garrison was gone by noon"."""
        trigger = self.clause.trigger
        if self.tokens.low[trigger.last - 1] != "gone":
            return None
        found = [
            m for m in self.sentence.actors if 0 <= trigger.first - m.last <= 3 and m.mention.kind != "holder" and not m.mention.possessive
        ]
        return found[-1] if found and all(w in _ADVERBS or w in _BE for w in self.tokens.low[found[-1].last : trigger.first]) else None

    def intransitive_after(self, mark: ActorMark) -> bool:
        """Nothing but a stop or a date follows the one who is driven out."""
        word = self.tokens.low[mark.last] if mark.last < len(self.tokens) else "."
        return not word.isalpha() or word in _AFTER_INTRANSITIVE or any(d.first <= mark.last + 1 < d.last for d in self.sentence.dates)

    def intransitive(self) -> bool:
        """Nothing follows the verb that could be its object: a stop, a date, "without a shot"."""
        at = self.clause.trigger.last
        word = self.tokens.low[at] if at < len(self.tokens) else "."
        return (
            not word.isalpha()
            or word in _AFTER_INTRANSITIVE
            or any(d.first <= at + 1 < d.last or d.first == at for d in self.sentence.dates)
        )

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
        return self.told.topic.marks if self.told.topic else ()

    def person_object(self, group: PlaceGroup) -> bool:
        """People or weapons stand between the verb and the name: "captured 12 soldiers near Hama"."""
        if group.role == "bare":
            between = self.tokens.low[self.clause.trigger.last : group.first]
            return any(word in _TAKEN_THINGS for word in between)
        return any(word in _TAKEN_THINGS for word in self.tokens.low[self.clause.trigger.last : group.first])

    def person_subject(self) -> bool:
        """People or weapons stand right before the verb: "two tanks were captured"."""
        last = max((g.last for g in self.groups_before() if g.role == "bare"), default=self.clause.begin)
        return any(word in _TAKEN_THINGS for word in self.tokens.low[max(last, self.clause.trigger.first - 8) : self.clause.trigger.first])

    # -------- actors

    def actors_between(self, first: int, last: int) -> list[ActorMark]:
        return [mark for mark in self.sentence.actors if first <= mark.first and mark.last <= last]

    def subject_actor_local(self) -> ActorMark | None:
        low, trigger = self.tokens.low, self.clause.trigger
        found = self.actors_between(self.clause.begin, trigger.first)
        good = [m for m in found if not m.mention.possessive and m.mention.kind != "holder" and not self._oblique(m)]
        relative = next((i for i in range(trigger.first - 1, self.clause.begin, -1) if low[i] in _RELATIVES), None)
        if relative is not None and not any(low[i] in (",", ";") for i in range(relative, trigger.first)):
            inner = [m for m in good if m.first > relative]
            if inner:
                return inner[-1]
            antecedents = [m for m in found if 0 <= relative - m.last <= 2 and m.mention.kind != "holder"]
            if antecedents and low[relative] in ("who", "which", "that"):
                return antecedents[-1]
        good = [m for m in good if low[m.first] not in _RELATIVES or m.first == self.clause.begin]
        if not good:
            return None
        start = self._last_joint(trigger.first)
        near = [m for m in good if m.first >= start]
        if near:
            return near[0] if self.clause.begin == self.sentence.first else self._first_of_chain(near)
        return self._first_of_chain(good) if self.clause.begin != self.sentence.first else good[0]

    def _last_joint(self, last: int) -> int:
        """Give the token after the last mark that opens a clause before ``last``, verb or no verb."""
        low = self.tokens.low
        for index in range(last - 1, self.clause.begin, -1):
            if low[index] in (";", ":", "while", "—") or (low[index] in ("and", "but") and low[index - 1] == ","):
                return index
        return self.clause.begin

    def _first_of_chain(self, marks: list[ActorMark]) -> ActorMark:
        """Of "Yemeni soldiers and Emirati special forces" the first: joint forces count as the first named."""
        chosen = marks[-1]
        for mark in reversed(marks[:-1]):
            between = self.tokens.low[mark.last : chosen.first]
            if len(between) > 3 or not {"and", "&", "+", ",", "/"} & set(between):
                break
            chosen = mark
        return chosen

    def _oblique(self, mark: ActorMark) -> bool:
        """Behind a preposition, or joined to one that is: "supported by Russia and Iran"."""
        low = self.tokens.low
        if mark.first == 0:
            return False
        if low[mark.first - 1] in OBLIQUE:
            return True
        if low[mark.first - 1] == "and":
            before = [m for m in self.sentence.actors if m.last == mark.first - 1]
            return bool(before) and self._oblique(before[0])
        return False

    def subject_actor(self) -> ActorMark | None:
        local = self.subject_actor_local()
        if local is not None:
            if local.mention.text.lower() in ("who", "which") and (antecedent := self._actor_before(local.first)):
                return antecedent
            return local
        if self.tokens.low[self.clause.begin] in ("who", "which", "that") and (antecedent := self._actor_before(self.clause.begin)):
            return antecedent
        if self.before is not None and self.before.sentence.sentence.start == self.sentence.sentence.start:
            begin = self.before.begin
            if (
                self.tokens.low[begin] in ("who", "which", "whose", "whom")
                and begin > self.sentence.first
                and self.clause.joint in (",", "")
            ):
                outer = [m for m in self.actors_between(self.sentence.first, begin) if m.mention.kind != "holder"]
                if outer:
                    return outer[0] if len(outer) == 1 else self._subject_of(outer)
            if not self.before.passive and self.before.actor is not None:
                return self.before.actor
        beside = [
            m
            for m in self.actors_between(self.sentence.first, self.clause.trigger.first)
            if not m.mention.possessive and m.mention.kind != "holder"
        ]
        if self.earlier is not None and beside:
            return beside[-1]
        return None

    def _subject_of(self, marks: list[ActorMark]) -> ActorMark:
        low = self.tokens.low
        return next((m for m in marks if not m.mention.possessive and (m.first == 0 or low[m.first - 1] not in OBLIQUE)), marks[-1])

    def _actor_before(self, index: int) -> ActorMark | None:
        found = [m for m in self.sentence.actors if m.last <= index and index - m.last <= 12 and m.mention.kind != "holder"]
        return found[-1] if found else None

    def actor_after(self, *prepositions: str) -> ActorMark | None:
        low = self.tokens.low
        for mark in self.actors_between(self.clause.trigger.last - 1, self.clause.end):
            if mark.mention.kind == "holder":
                continue
            for back in range(1, 6):
                at = mark.first - back
                if at < self.clause.trigger.last - 1:
                    break
                if low[at] in prepositions:
                    return mark
                if low[at] in (",", ";", "and", "on", "in"):
                    break
        return None

    def actor_right_after(self) -> ActorMark | None:
        for mark in self.sentence.actors:
            if 0 <= mark.first - self.clause.trigger.last <= 2:
                return mark
        for mark in self.sentence.actors:
            if self.clause.trigger.first < mark.first < self.clause.trigger.last:
                return mark
        return None

    def pronoun_at(self, trigger: TriggerMark) -> ActorMark | None:
        word = self.tokens.low[trigger.last - 1]
        start, end = self.tokens.starts[trigger.last - 1], self.tokens.ends[trigger.last - 1]
        role = "self" if word == "ours" else "they"
        mention = ActorMention(start=start, end=end, text=word, actor=None, kind="pronoun", role=role)
        return ActorMark(trigger.last - 1, trigger.last, mention)

    def actor_object(self) -> ActorMark | None:
        """The first actor behind the verb that no preposition leads in: who is driven out."""
        low = self.tokens.low
        for mark in self.actors_between(self.clause.trigger.last, self.clause.end):
            if low[mark.first - 1] not in ("by", "from", "to", "with", "of") and mark.first - self.clause.trigger.last <= 8:
                return mark
        return None

    def actor_beside(self) -> ActorMark | None:
        found = [m for m in self.actors_between(self.clause.begin, self.clause.end) if m.mention.kind != "holder"]
        before = [m for m in found if m.last <= self.clause.trigger.first]
        after = self.actor_after("by")
        return after or (before[-1] if before else None)

    def attacker(self) -> ActorMark | None:
        """Whose attack it was: before the noun, or behind "by", or the one driven back."""
        low = self.tokens.low
        for mark in self.actors_between(self.clause.begin, self.clause.end):
            nxt = low[mark.last : mark.last + 3]
            if mark.mention.possessive or any(word in self.filler.attacks for word in nxt):
                return mark
        return self.actor_object()

    # -------- words

    def attack_noun(self, nouns: frozenset[str]) -> bool:
        low = self.tokens.low
        trigger = self.clause.trigger
        return any(low[i] in nouns for i in range(self.clause.begin, self.clause.end) if not trigger.first <= i < trigger.last)

    def weapon(self) -> bool:
        low = self.tokens.low
        return any(low[i] in _WEAPONS for i in range(self.clause.begin, self.clause.end))

    def happening(self) -> bool:
        """A strike told as a noun happened where a date or its harm is told, not where it is only a reason for something."""
        low, trigger = self.tokens.low, self.clause.trigger
        if any(word in _REASONS for word in low[max(self.clause.begin, trigger.first - 4) : trigger.first]):
            return False
        dated = any(self.clause.begin <= d.first < self.clause.end for d in self.sentence.dates)
        return dated or any(low[i] in _HARM for i in range(self.clause.begin, self.clause.end))

    def unopposed(self, phrases: PhraseTable) -> bool:
        """Whether the clause, or what follows it in the sentence, tells that nobody resisted."""
        last = min(self.sentence.last, self.clause.end + 12)
        return any(phrases.find(self.tokens.low, index, last) is not None for index in range(self.clause.begin, last))

    def roads_behind(self) -> bool:
        low = self.tokens.low
        return any(low[i] in ("roads", "road", "routes", "highways") for i in range(self.clause.trigger.last, self.clause.end))

    def failure_told(self) -> bool:
        low = self.tokens.low
        return any(low[i] in _FAILURES for i in range(self.clause.trigger.first, min(self.sentence.last, self.clause.trigger.last + 30)))

    def dated_near(self, trigger: TriggerMark) -> bool:
        return any(0 <= d.first - trigger.last <= 9 or 0 <= trigger.first - d.last <= 6 for d in self.sentence.dates)

    def since(self) -> DateMark | None:
        low = self.tokens.low
        for date in self.sentence.dates:
            if self.clause.begin <= date.first < self.clause.end or date.first == self.clause.end:
                before = low[max(0, date.first - 2) : date.first]
                if "since" in before or "from" in before or "by" in before or low[date.first] == "since" or "till" in before:
                    return date
        dates = [d for d in self.sentence.dates if self.clause.begin <= d.first < self.clause.end]
        past = low[self.clause.trigger.first] in ("was", "were", "had", "held")
        return dates[0] if dates and (past or low[self.clause.trigger.last - 1] in ("ours", "theirs")) else None

    def candidate(
        self, kind: EventType, marks: tuple[PlaceMark, ...], actor: ActorMark | None, *, target: ActorMark | None = None, passive: bool = False,
        anaphoric: bool = False, group: PlaceGroup | None = None,
    ) -> Candidate:  # fmt: skip
        return Candidate(
            type=kind, rule=self.clause.trigger.mention.trigger.name, trigger=self.clause.trigger, sentence=self.sentence, marks=marks, begin=self.clause.begin,
            end=self.clause.end, actor=actor, target=target, passive=passive, anaphoric=anaphoric, group=group,
        )  # fmt: skip


_CEDING = frozenset(
    ["give", "surrender", "yield", "relinquish", "concede", "leave", "abandon", "quit", "evacuate", "sell", "vacate", "desert"]
)
_PREPOSITIONS = frozenset(["on", "against", "in", "at", "near", "around", "of", "into", "over", "hit"])
_RIDDING = frozenset(["rid", "relieve", "deprive", "strip", "clear", "cleanse", "purge"])
_AFTER_INTRANSITIVE = frozenset(
    [
        "without",
        "after",
        "before",
        "and",
        "at",
        "on",
        "during",
        "overnight",
        "again",
        "by",
        "when",
        "as",
        "to",
        "under",
        "for",
        "with",
        "while",
        "but",
        "towards",
        "across",
        "there",
        "in",
        "because",
        "having",
        "so",
        "last",
        "early",
        "late",
        "quietly",
        "entirely",
        "altogether",
    ]
)
_EVICTING = frozenset(["expel", "evict", "oust", "dislodge", "eject", "chase", "throw", "kick", "drum", "turn", "boot", "hound", "drive"])
_BEFORE_VERB = frozenset(
    [
        "to",
        "and",
        "or",
        "who",
        "which",
        "that",
        "they",
        "it",
        "we",
        "he",
        "she",
        "i",
        "you",
        "did",
        "do",
        "does",
        "not",
        "t",
        "will",
        "would",
        "could",
        "can",
        "may",
        "might",
        "should",
        "must",
        "shall",
        "but",
        "then",
        "when",
        "ppl",
        "people",
        "men",
        "troops",
        "forces",
        "army",
        "group",
        "police",
        "others",
        "both",
        "ll",
    ]
)
_LOOSE_NOUNS = frozenset(["village", "district", "quarter", "island", "camp", "field", "strip", "hill", "state", "city", "town"])
_REASONS = frozenset(
    [
        "for",
        "recent",
        "condemned",
        "criticized",
        "criticised",
        "retaliation",
        "response",
        "revenge",
        "over",
        "against",
        "about",
        "of",
        "threatened",
        "avoid",
    ]
)
_HARM = frozenset(
    ["killed", "kill", "kills", "killing", "wounded", "wounding", "injured", "injuring", "hit", "hits", "hitting", "destroyed", "damaged", "dead", "died", "struck", "reported", "launched", "carried", "targeted", "burning", "set", "martyred", "civilians", "children", "people", "collapsed", "continued", "targeting", "razed", "casualties", "k", "ablaze", "fire"]
)
_RELATIVES = frozenset(["who", "which", "that", "whom", "where", "whose"])
_ALL_OF = frozenset(["the", "whole", "of", "all", "most", "entire", "back", "again", "both"])
_STATE_WORDS = frozenset(["(", ")", ",", "under", "in", "the", "hands", "control", "since", "now", "with", "by", "held", "been", "is", "has", "rule", "also", "-", ":", "of", "full"])
_SINCE = TriggerMention(start=0, end=0, text="since", trigger=Trigger(name="held-since", type="capture", strength="weak", frame="hold"), form="noun", verb="since")
_NO_SCENE = frozenset(["river", "lake", "region", "country"])
_LIKEWISE = frozenset(["likewise", "ditto", "too", "also", "idem", "same", "similarly"])
_BREAKS = frozenset([",", ";", "and", ".", "(", ")", "-", ":", "but", "while", "then"])
OBLIQUE = frozenset(
    ["by", "from", "against", "with", "to", "of", "for", "on", "at", "said", "between", "over", "than", "among", "near", "behind", "under"]
)
_NOUN_BEFORE = frozenset(
    ["the", "a", "an", "its", "their", "his", "our", "my", "your", "of", "in", "by", "from", "on", "for", "with", "against", "no", "any", "this", "that", "these", "those", "air", "drone", "artillery", "missile", "rocket", "night", "heavy", "new", "further", "more", "many", "several", "two", "three", "first", "second", "last", "fresh", "russian", "ukrainian", "israeli", "turkish", "american", "syrian", "government", "army", "own", "each", "every", "some"]
)
_JOINTS = frozenset(
    [
        ",",
        "and",
        ";",
        "&",
        "then",
        "on",
        "in",
        "at",
        "also",
        "by",
        "the",
        "later",
        "finally",
        "-",
        "as",
        "well",
        "to",
        "of",
        ")",
        "village",
        "town",
        "city",
        "next",
        "over",
        "before",
        "followed",
        "(",
    ]
)
_TAKEN_THINGS = frozenset(
    ["soldiers", "soldier", "fighters", "fighter", "prisoners", "weapons", "weapon", "tanks", "tank", "vehicles", "vehicle", "drugs", "people", "civilians", "ammunition", "officer", "officers", "men", "rifles", "howitzers", "hostages", "members", "member", "commander", "commanders", "ammo", "guns", "equipment", "pilot", "aid", "suspects", "smugglers", "militants", "guards"]
)
_WEAPONS = frozenset(
    ["drone", "drones", "missile", "missiles", "rocket", "rockets", "shell", "shells", "bomb", "bombs", "airstrike", "airstrikes", "jet", "jets", "aircraft", "warplanes", "warplane", "planes", "plane", "helicopter", "helicopters", "artillery", "mortar", "mortars", "mortars", "guns", "gunship", "strike", "strikes", "raid", "raids", "shaheds", "kinzhals", "grads", "aviation", "barrel", "bombers", "bomber", "f", "air"]
)
_FAILURES = frozenset(
    ["failed", "fail", "vain", "repelled", "repulsed", "beaten", "thrown", "driven", "back", "turned", "stopped", "failure", "without", "off", "lost", "dead", "slapped", "bounced", "foiled", "crushed", "smashed", "broke", "broken", "foot", "defeated", "unsuccessful", "nothing"]
)


def _date(scene: _Scene, candidate: Candidate) -> None:
    """Give each place of a candidate its date: its own, the clause's, the sentence's, the one told last."""
    end = max(scene.clause.end, candidate.group.last if candidate.group else 0)
    own = _own_dates(scene, [d for d in scene.sentence.dates if scene.clause.begin <= d.first < end])
    marks = [m for m in candidate.marks if scene.clause.begin <= m.first < scene.sentence.last]
    if own and len(marks) > 1 and len(own) > 1:
        leading = own[0].first < marks[0].first
        for mark in marks:
            after = [d for d in own if d.first >= mark.last]
            ahead = [d for d in own if d.last <= mark.first]
            chosen = ahead[-1] if leading and ahead else after[0] if after else ahead[-1] if ahead else own[0]
            candidate.dates[mark.first] = chosen.mention
    if own:
        candidate.date = min(own, key=lambda d: (_date_distance(scene, d), d.first)).mention
        return
    same = [d for d in scene.sentence.dates if d.first < scene.clause.begin and not d.mention.backward]
    if same:
        joined = scene.before is not None and scene.before.sentence.sentence.start == scene.sentence.sentence.start
        candidate.date = scene.before.date if joined and scene.before is not None and scene.before.date is not None else same[-1].mention
        return
    later = [d for d in scene.sentence.dates if d.first >= scene.clause.end]
    if scene.told.line_date is not None:
        candidate.date = scene.told.line_date
    elif later and scene.earlier is None and len(scene.sentence.dates) == 1 and later[0].mention.precision == "day":
        candidate.date = later[0].mention
    else:
        candidate.date = scene.told.date


def _own_dates(scene: _Scene, dates: list[DateMark]) -> list[DateMark]:
    """Drop from a clause's dates those that are somebody's or something else's, as long as one is left."""
    low = scene.tokens.low
    trigger = scene.clause.trigger
    good = [d for d in dates if not (d.mention.backward and d.first >= trigger.last and low[d.last - 1] in ("after", "before", "afterwards"))]
    restated = [
        d for d in good
        if not any(other.mention.anchoring == "absolute" and d.mention.chained and 0 <= other.first - d.last <= 2 for other in good)
    ]  # fmt: skip
    told = [d for d in restated if not {"said", "says", "announced", "told", "reported", "confirmed", "claimed", "conceded", "admitted", "declared", "stated"} & set(low[max(scene.clause.begin, d.first - 3) : d.first])]
    timed = [d for d in told or restated if trigger.mention.trigger.frame == "hold" or "since" not in low[max(0, d.first - 2) : d.first + 1]]
    return timed or told or restated


def _date_distance(scene: _Scene, date: DateMark) -> int:
    """Prefer the date behind the verb, or one that opens the clause, to one that stands before the verb by chance; a time of day last."""
    trigger = scene.clause.trigger
    if date.first >= trigger.last:
        distance = date.first - trigger.last
    else:
        fronted = date.first - scene.clause.begin <= 3
        distance = min(trigger.first - date.last, 6) if fronted else trigger.first - date.last + 4
    return distance + (100 if date.mention.anchoring == "bare" else 0)


def subject_on(mark: ActorMark, date: dt.date) -> str | None:
    """Give the actor of a mark on a date."""
    return actor_on(mark.mention, date)
