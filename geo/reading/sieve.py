"""Sift the triggers of a sentence: nouns that look like verbs, and light words ("went", "held", "has") with no place beside them."""

from geo.reading.grammar import load_grammar
from geo.reading.marks import SentenceMarks, TriggerMark
from geo.reading.tokens import Tokens

_PRESENT = frozenset({"base", "third"})
_NOUN_LIKE = frozenset({"base", "third", "any", "ing"})
_PARTICIPLES = frozenset({"part", "regular"})
_DETERMINERS = frozenset({"the", "a", "an", "of", "in", "its", "their", "his", "our", "these", "those", "newly", "recently"})
_QUOTES = frozenset({'"', "'"})
# "incidents fell by two thirds"
_FELL_OTHERWISE = frozenset({"by", "short", "behind", "silent", "apart", "ill", "asleep", "off", "sharply", "foul", "prey", "victim"})
# "has changed hands often": no one event
_OFTEN = frozenset({"often", "twice", "several", "many", "repeatedly", "three", "four", "more", "between", "frequently", "times"})
# strikes of people who work
_LABOUR = frozenset({"wage", "hunger", "general", "rail", "labour", "labor", "bus", "teachers", "doctors", "transport", "school"})
# what may follow "went" where it tells that a place changed hands
_AFTER_WENT = frozenset([",", ".", ";", "too", "the", "next", "on", "two", "in", "soon"])


class TriggerSieve:
    """Keeps the triggers that can tell of a place where they stand."""

    def __init__(self) -> None:
        self._words = load_grammar()

    def keeps(self, tokens: Tokens, sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        """Tell whether a trigger can be meant as one."""
        low, at, form = tokens.low, trigger.first, trigger.mention.form
        if at > sentence.first:
            genitive = low[at - 1] == "s" and low[at - 2] == "'"
            if form in _NOUN_LIKE and trigger.mention.verb not in ("have", "be") and (genitive or low[at - 1] in self._words.noun_before):
                return False
            if form in _PRESENT and not self._is_verb(low, at, sentence):
                return False
            if form in _PARTICIPLES and (low[at - 1] in _DETERMINERS or low[at - 1].isdigit()):
                return False  # "the occupied quarters", "128 captured youths"
            if low[at - 1] in _QUOTES and trigger.last < len(low) and low[trigger.last] in _QUOTES:
                return False  # the town "fell", they say
        return self._light(low, sentence, trigger)

    def _is_verb(self, low: list[str], at: int, sentence: SentenceMarks) -> bool:
        """Tell "they return to" from "an emotional return to": a verb in the present follows its subject or a light word."""
        before = low[at - 1]
        if not before.isalpha() or before in self._words.adverbs or before in self._words.before_verb or before.endswith(("ly", "s")):
            return True
        marks = [mark.last for mark in (*sentence.actors, *sentence.dates)]
        return at in marks or any(group.last == at for group in sentence.groups)

    def _light(self, low: list[str], sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        frame = trigger.mention.trigger.frame
        following = low[trigger.last] if trigger.last < len(low) else ""
        if frame == "fall":
            often = low[trigger.last - 1] == "hands" and following in _OFTEN
            onto = following == "on" and not any(0 <= d.first - trigger.last <= 2 for d in sentence.dates)  # "fell on the people beneath"
            return not often and not onto and following not in _FELL_OTHERWISE
        if frame in ("strike", "strike_noun"):
            return self._strikes(low, sentence, trigger)
        light = {"fall_light": self._went, "fall_to": self._back_to, "hold": self._holds}.get(frame)
        return light is None or light(low, sentence, trigger)

    def _back_to(self, low: list[str], sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        """Keep "back to the rebels" and "passed into rebel hands"."""
        actor = any(0 <= m.first - trigger.last <= 3 for m in sentence.actors)
        return actor and (low[trigger.last - 1] != "into" or "hands" in low[trigger.last : trigger.last + 5])

    def _strikes(self, low: list[str], sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        if trigger.first > sentence.first and low[trigger.first - 1] in _LABOUR:
            return False
        if trigger.mention.trigger.frame == "strike" or low[trigger.last - 1] in self._words.strike_prepositions:
            return True
        return any(-8 <= g.first - trigger.last <= 8 for g in sentence.groups)

    def _went(self, low: list[str], sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        if low[trigger.last - 1] == "gone" and any(0 <= trigger.first - m.last <= 3 for m in sentence.actors):
            return True
        if not any(0 <= trigger.first - g.last <= 2 and g.role in ("bare", "of") for g in sentence.groups):
            return False
        dated = any(0 <= d.first - trigger.last <= 2 for d in sentence.dates)
        return dated or (trigger.last < len(low) and low[trigger.last] in _AFTER_WENT)

    def _holds(self, low: list[str], sentence: SentenceMarks, trigger: TriggerMark) -> bool:
        last = trigger.last
        if not sentence.dates:
            return False
        if trigger.mention.verb == "have" and low[last - 1] in ("has", "had", "have", "having"):
            return any(0 <= g.first - last <= 4 and set(low[last : g.first]) <= self._words.all_of for g in sentence.groups)
        if trigger.mention.form == "base" and low[last - 1] == "control":
            return any(0 <= g.first - last <= 3 for g in sentence.groups)
        return bool(sentence.groups) or trigger.first - sentence.first < 12
