"""Tell what happened from what is planned, ordered, feared, tried, denied or supposed: the words around a trigger decide."""

from typing import Literal

from geo.reading.grammar import load_grammar
from geo.reading.marks import SentenceMarks, TriggerMark, load_cues
from geo.reading.tokens import PhraseTable, Tokens

Refusal = Literal["modal", "negated", "intended", "conditional", "future", "unreal", "question", "infinitive"]

_WINDOW = 7  # tokens before a trigger in which an auxiliary or a negation is looked for


class Factuality:
    """Judges triggers by ``data/lexicon/cues.toml``; built once."""

    def __init__(self) -> None:
        self._words = load_grammar()
        cues = load_cues()["factuality"]
        self._modal = frozenset(cues["modal"])
        self._negation = PhraseTable((phrase, True) for phrase in cues["negation"])
        self._intention = frozenset(cues["intention"])
        self._achieved = frozenset(cues["achieved"])
        self._conditional = PhraseTable((phrase, True) for phrase in cues["conditional"])
        self._future = PhraseTable((phrase, True) for phrase in cues["future"])
        self._reports = frozenset(cues["reports"])
        self._untrue = PhraseTable((phrase, True) for phrase in cues["untrue"])
        self._unreal = PhraseTable((phrase, True) for phrase in cues["unreal"])

    def refuse(self, tokens: Tokens, sentence: SentenceMarks, trigger: TriggerMark, begin: int, end: int) -> Refusal | None:
        """Say why a trigger in the clause of tokens ``begin`` to ``end`` tells nothing that happened, ``None`` where it does.

        Examples of refusals: "plans to take Hama" (intended), "could fall" (modal), "has not taken" (negated),
        "if Hama falls" (conditional), "will be freed tomorrow" (modal).
        """
        low, at = tokens.low, trigger.first
        if low[sentence.last - 1] == "?":
            return "question"
        start = max(begin, at - _WINDOW)
        form = trigger.mention.form
        verbal = self._refuse_verb(tokens, at, begin, start, form) if form != "noun" else None
        if verbal is not None:
            return verbal
        until = {"until", "till"} & set(low[trigger.last : trigger.last + 5])
        if (not until and self._negated(low, start, at, _nearest_name(sentence, start, at))) or self._denied(low, sentence, at):
            return "negated"
        if any(begin <= g.first < at and "no" in low[max(begin, g.first - 3) : g.first] for g in sentence.groups):
            return "negated"
        if self._inverted(low, sentence, at) or self._conditioned(low, sentence, begin, at, form):
            return "conditional"
        return "future" if self._future.occurs(low, begin, end) else None

    def _refuse_verb(self, tokens: Tokens, at: int, begin: int, start: int, form: str) -> Refusal | None:
        """Refuse "will take", "plans to take", "about taking"."""
        low = tokens.low
        for index in range(at - 1, start - 1, -1):
            word = low[index]
            if word in self._modal and not (word in ("may", "might", "must") and tokens.capital(index)):
                return "modal"
            if word not in self._words.auxiliaries and word not in self._words.between and not word.endswith("ly"):
                break
        passive_infinitive = low[max(begin, at - 2) : at] == ["to", "be"]
        if at > begin and (passive_infinitive or (form in ("base", "any") and self._to_before(low, at, begin))):
            return self._infinitive(low, at, begin)
        if form in ("base", "any") and at > start and low[at - 1] in ("let", "lets", "help", "helps", "make"):
            return "intended"
        if form in ("base", "any") and self._demanded(low, at, begin):
            return "intended"
        return self._gerund(low, at, begin) if form == "ing" else None

    def _demanded(self, low: list[str], at: int, begin: int) -> bool:
        """Tell "demanded that the forces leave": a present behind "that" and a word of wanting."""
        for index in range(at - 1, max(begin, at - 9), -1):
            if low[index] == "that":
                return low[index - 1] in self._intention
        return False

    def _inverted(self, low: list[str], sentence: SentenceMarks, at: int) -> bool:
        """Tell "had the rebels taken it, the war would be over"."""
        first = sentence.first
        return low[first] in ("had", "were", "should") and bool(sentence.groups) and at < first + 10 and "," in low[at : sentence.last]

    def _conditioned(self, low: list[str], sentence: SentenceMarks, begin: int, at: int, form: str) -> bool:
        head = max(sentence.first, begin - 2), min(at, begin + 4)
        return self._conditional.occurs(low, *head) and self._hypothetical(low, begin, at, form)

    def unreal(self, tokens: Tokens, sentence: SentenceMarks) -> bool:
        """Tell whether a sentence as a whole speaks of rumours, forecasts or what is not coded."""
        low = tokens.low
        if self._unreal.occurs(low, sentence.first, sentence.last):
            return True
        told = any(word in self._reports for word in low[sentence.first : sentence.first + 4])
        return told and self._untrue.occurs(low, sentence.first, sentence.last)

    def _to_before(self, low: list[str], at: int, begin: int) -> bool:
        return (
            low[at - 1] == "to"
            or (at - 2 >= begin and low[at - 2] == "to")
            or (at - 3 >= begin and low[at - 3] == "to" and low[at - 1] in ("be", "have", "been"))
        )

    def _infinitive(self, low: list[str], at: int, begin: int) -> Refusal | None:
        """Refuse "to take" unless something before it says that it was done: "managed to take", "the first to enter"."""
        for index in range(at - 2, max(begin - 1, at - 6), -1):
            if low[index] in self._achieved:
                return None
            if low[index] in self._intention:
                return "intended"
        return "infinitive"

    def _gerund(self, low: list[str], at: int, begin: int) -> Refusal | None:
        for index in range(at - 1, max(begin - 1, at - 5), -1):
            if low[index] in self._achieved or low[index] in ("after", "by", "since", "before", ","):
                return None
            if low[index] in self._intention or (low[index] in ("instead", "without", "of") and low[index] != "of"):
                return "intended"
        return None

    def _negated(self, low: list[str], start: int, at: int, near: int) -> bool:
        for index in range(at - 1, start - 1, -1):
            hit = self._negation.find(low, index, at)
            if hit is not None:
                if low[index] == "no" and low[index + 1 : index + 2] == ["longer"]:
                    return False
                if low[index] == "not" and low[index + 1 : index + 2] in (["only"], ["until"], ["just"], ["before"]):
                    return False
                if low[index] == "without" and hit[0] < at and low[at - 1] != "without":
                    return False  # "without a shot took"
                if index >= near - 1 or hit[0] >= near or low[index] in ("nobody", "none", "neither", "no", "never", "not", "n't"):
                    return index >= near or low[index] in ("nobody", "none", "neither", "no") or hit[0] >= at - 3
            if low[index] == "t" and index > 1 and low[index - 1] == "'":  # "hasn't", "didn't"
                return True
        return False

    def _denied(self, low: list[str], sentence: SentenceMarks, at: int) -> bool:
        """Give a denial before the trigger with no claim between: "denied having taken", not "denied the claim that they took"."""
        for index in range(at - 1, max(sentence.first - 1, at - 14), -1):
            if low[index] in self._words.claims:
                return False
            if low[index] in self._words.denials:
                return True
        return False

    def _hypothetical(self, low: list[str], begin: int, at: int, form: str) -> bool:
        """Keep "once a fortress" and "until it fell on Friday": a condition has a present or a subjunctive, no plain past."""
        head = low[max(0, begin - 2) : min(at, begin + 4)]
        if any(word in ("if", "unless", "whether", "lest", "assuming") for word in head):
            return True
        return form in ("base", "third") or "should" in head


def _nearest_name(sentence: SentenceMarks, start: int, at: int) -> int:
    """Give the token behind the last name before a trigger: a negation before it belongs to something else."""
    ends = [mark.last for mark in sentence.actors] + [group.last for group in sentence.groups]
    return max((end for end in ends if start < end <= at), default=start)
