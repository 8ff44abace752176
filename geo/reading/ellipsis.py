"""Read what stands without a verb: "Shire on the 17th, Axum likewise"; "Rubaya (M23 since 30 April)"."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from geo.reading.clauses import Candidate, Discourse
from geo.reading.grammar import load_grammar
from geo.reading.marks import DateMark, PlaceGroup, SentenceMarks, TriggerMark
from geo.reading.tokens import Tokens
from geo.reading.triggers import Trigger, TriggerMention
from geo.records import CONTROL_TYPES

_SINCE = TriggerMention(
    start=0,
    end=0,
    text="since",
    trigger=Trigger(name="held-since", type="capture", strength="weak", frame="hold"),
    form="noun",
    verb="since",
)
_SHARED = frozenset(["capture", "withdrawal", "transfer", "contested", "strike", "repelled"])
_WIDTH = 12  # tokens on either side of a name in which its date and joint are looked for


class EllipsisReader:
    """Gives candidates for names that share the verb told before, and for states with an onset."""

    def __init__(self) -> None:
        self.words = load_grammar()

    def read_states(self, tokens: Tokens, sentence: SentenceMarks, found: list[Candidate]) -> Iterator[Candidate]:
        """Read a state with an onset and no verb: "Rubaya (M23 since 30 April)", "Khan Shaykhun, theirs since Saturday"."""
        low = tokens.low
        used = {mark.first for candidate in found if candidate.type in CONTROL_TYPES for mark in candidate.marks}
        for date in sentence.dates:
            if "since" not in low[max(0, date.first - 2) : date.first + 1]:
                continue
            actor = next((a for a in reversed(sentence.actors) if 0 <= date.first - a.last <= 4 and a.mention.kind != "holder"), None)
            if actor is None:
                continue
            group = next((g for g in reversed(sentence.groups) if 0 <= actor.first - g.last <= 4 and g.role in ("bare", "in", "of")), None)
            if group is None or group.first in used or any(group.first < t.first < date.first for t in sentence.triggers):
                continue
            if (
                not set(low[group.last : actor.first]) <= self.words.state_words
                or not set(low[actor.last : date.first]) <= self.words.state_words
            ):
                continue
            trigger = TriggerMark(date.first, date.last, _SINCE)
            held = Candidate(
                type="capture",
                rule="held-since",
                trigger=trigger,
                sentence=sentence,
                marks=group.marks,
                begin=group.first,
                end=date.last,
                actor=actor,
                date=date.mention,
                passive=True,
                group=group,
            )
            found.append(held)
            yield held

    def read_shared(self, tokens: Tokens, sentence: SentenceMarks, found: list[Candidate], told: Discourse) -> Iterator[Candidate]:
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
            if group.last < sentence.last and low[group.last] in self.words.own_verbs:
                continue
            begin, end = self._segment(tokens, sentence, group)
            if any(begin <= t.first < end for t in sentence.triggers):
                continue
            if group.role != "bare" and (not model.marks or group.role != model.marks[0].role):
                continue
            dates = self._beside(low, sentence, group)
            likewise = self._likewise(low[max(sentence.first, begin - 2) : end])
            if not likewise and (not dates or self.words.state_verbs & set(low[begin:end])):
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

    def _likewise(self, words: list[str]) -> bool:
        """Tell "Axum likewise" and "as did Axum"."""
        pairs = itertools.pairwise(words)
        return any(word in self.words.likewise for word in words) or any(
            (a in ("as", "so") and b in ("did", "was", "were")) or (a, b) in (("with", "it"), ("with", "them")) for a, b in pairs
        )

    def _beside(self, low: list[str], sentence: SentenceMarks, group: PlaceGroup) -> list[DateMark]:
        """Give the dates right before or behind a list of names, the nearer first; a mark between counts for two words more."""
        found = []
        for date in sentence.dates:
            between = low[group.last : date.first] if date.first >= group.last else low[date.last : group.first]
            gap = len(between) + 2 * sum(word in self.words.breaks for word in between)
            if len(between) <= 3 and (date.first >= group.last or date.last <= group.first):
                if date.first >= group.last and date.mention.backward:
                    continue
                found.append((0 if date.mention.backward else gap, date.first, date))
        return [date for _, _, date in sorted(found, key=lambda entry: entry[:2])]

    def _segment(self, tokens: Tokens, sentence: SentenceMarks, group: PlaceGroup) -> tuple[int, int]:
        """Give the tokens between the marks or joints that enclose a list of names."""
        low = tokens.low
        taken = {i for d in sentence.dates for i in range(d.first, d.last)}
        begin = group.first
        while begin > sentence.first and (low[begin - 1] not in self.words.breaks or begin - 1 in taken) and group.first - begin < 12:
            begin -= 1
        end = group.last
        while end < sentence.last and (low[end] not in self.words.breaks or end in taken) and end - group.last < 12:
            end += 1
        # a date set off by commas belongs in: "and, two days later, Axum"
        for date in sentence.dates:
            if 0 <= begin - date.last <= 1:
                begin = date.first
            if 0 <= date.first - end <= 1:
                end = date.last
        return begin, end
