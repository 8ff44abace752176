"""Read the short hand of notes and posts, which has no verbs: "Mazar: UF in by dusk, TB out", "18 May Barentu to ETH"."""

from collections.abc import Iterator

from geo.reading.clauses import Candidate, Discourse
from geo.reading.dates import DateMention
from geo.reading.grammar import load_grammar
from geo.reading.marks import ActorMark, PlaceGroup, PlaceMark, SentenceMarks, TriggerMark
from geo.reading.tokens import Tokens
from geo.reading.triggers import Trigger, TriggerMention
from geo.records import EventType

_IN = frozenset({"in", "inside", "back"})
_OUT = frozenset({"out", "gone"})
# what may follow "in" and "out" where they stand for "came in" and "went out"
_STOPS = frozenset({",", ".", ";", ")", "-", ":", "by", "since", "again", "w", "with", "unopposed", "from", "&", "+", "on"})
_JOINTS = frozenset({"and", "but", "then", "while", "the", "to", "with", "n", "so"})
_REACH = 10  # tokens between a place and who is in or out
_FEW = 3  # words that may stand before "PLACE to ACTOR"


def read_shorthand(tokens: Tokens, sentence: SentenceMarks, found: list[Candidate], told: Discourse) -> Iterator[Candidate]:
    """Give the candidates of a sentence's verbless notes; nothing where no date is told in the sentence or its line.

    Parameters
    ----------
    tokens, sentence
        The report's tokens and the sentence's marks.
    found
        The candidates that its verbs gave.
    told
        What the text has told, with the line's own place and date.
    """
    if not sentence.dates and told.line_date is None:
        return
    for actor in sentence.actors:
        before = tokens.low[actor.first - 1] if actor.first > sentence.first else ""
        if (
            actor.mention.kind == "holder"
            or actor.mention.possessive
            or (before.isalpha() and before not in _JOINTS and not before.isdigit())
        ):
            continue
        candidate = _in_or_out(tokens, sentence, actor, told) or _to(tokens, sentence, actor, told)
        if candidate is not None and not any(_same(candidate, other) for other in found):
            found.append(candidate)
            yield candidate


def _in_or_out(tokens: Tokens, sentence: SentenceMarks, actor: ActorMark, told: Discourse) -> Candidate | None:
    low, at = tokens.low, actor.last
    if at >= sentence.last or low[at] not in _IN | _OUT:
        return None
    if low[at] == "in" and any(word in load_grammar().part_nouns for word in low[at + 1 : min(at + 5, sentence.last)]):
        return _in_part(tokens, sentence, actor, at, told)
    ends = at + 1 >= sentence.last or low[at + 1] in _STOPS or any(d.first - at <= 2 for d in sentence.dates if d.first > at)
    if not ends or any(g.first - at in (1, 2) for g in sentence.groups) or any(t.first <= at < t.last for t in sentence.triggers):
        return None
    near = [g for g in sentence.groups if 0 <= actor.first - g.last <= _REACH and g.role == "bare" and ";" not in low[g.last : actor.first]]
    group = near[-1] if near else told.topic
    if group is None:
        return None
    kind: EventType = "capture" if low[at] in _IN else "withdrawal"
    return _candidate(tokens, sentence, kind, "in-or-out", group, actor, at, told)


def _in_part(tokens: Tokens, sentence: SentenceMarks, actor: ActorMark, at: int, told: Discourse) -> Candidate | None:
    """Read "Homs: rebels in northern districts since noon" as fighting over the place of the line."""
    named = any(0 <= g.first - at <= 8 for g in sentence.groups)
    group = told.topic
    if group is None or named or not any(0 <= d.first - at <= 8 for d in sentence.dates):
        return None
    return _candidate(tokens, sentence, "contested", "in-part", group, actor, at, told)


def _to(tokens: Tokens, sentence: SentenceMarks, actor: ActorMark, told: Discourse) -> Candidate | None:
    low = tokens.low
    group = next((g for g in sentence.groups if 1 <= actor.first - g.last <= 2 and low[g.last] == "to" and g.role == "bare"), None)
    if group is None:
        return None
    begin = next((i + 1 for i in range(group.first - 1, sentence.first, -1) if low[i] in (";", ".")), sentence.first)
    dated = {i for d in sentence.dates for i in range(d.first, d.last)}
    words = [i for i in range(begin, group.first) if low[i].isalpha() and i not in dated]
    if len(words) > _FEW or any(begin <= t.first < actor.first for t in sentence.triggers):
        return None
    return _candidate(tokens, sentence, "capture", "to-actor", group, actor, group.last, told)


def _candidate(  # noqa: PLR0917 - the parts of a candidate
    tokens: Tokens, sentence: SentenceMarks, kind: EventType, rule: str, group: PlaceGroup, actor: ActorMark, at: int, told: Discourse
) -> Candidate:
    start, end = tokens.starts[at], tokens.ends[at]
    trigger = Trigger(name=rule, type=kind, strength="weak", frame="hold")
    mention = TriggerMention(start=start, end=end, text=tokens.text[start:end], trigger=trigger, form="noun", verb=rule)
    return Candidate(
        type=kind,
        rule=rule,
        trigger=TriggerMark(at, at + 1, mention),
        sentence=sentence,
        marks=group.marks,
        begin=min(group.first, actor.first) if group.first >= sentence.first else sentence.first,
        end=sentence.last,
        actor=actor,
        date=_date(sentence, actor, told),
    )


def _date(sentence: SentenceMarks, actor: ActorMark, told: Discourse) -> DateMention | None:
    behind = [d for d in sentence.dates if 0 <= d.first - actor.last <= _REACH]
    before = [d for d in sentence.dates if d.last <= actor.first]
    chosen = behind[0].mention if behind else before[-1].mention if before else told.line_date
    if chosen is not None and chosen.anchoring == "bare" and told.line_date is not None:
        return told.line_date
    return chosen


def _same(one: Candidate, other: Candidate) -> bool:
    def names(marks: tuple[PlaceMark, ...]) -> set[str]:
        return {mark.place.place_id for mark in marks}

    same_side = (one.type == "withdrawal") == (other.type == "withdrawal")
    return same_side and bool(names(one.marks) & names(other.marks)) and one.date == other.date
