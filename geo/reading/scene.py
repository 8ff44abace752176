"""One clause and all that stands in it: the questions that a frame may ask of its words."""

from dataclasses import dataclass

from geo.reading.clauses import Candidate, Clause, Discourse
from geo.reading.grammar import Grammar, load_grammar
from geo.reading.marks import ActorMark, DateMark, PlaceGroup, PlaceMark, SentenceMarks, TriggerMark, load_cues
from geo.reading.tokens import PhraseTable, Tokens
from geo.records import EventType


@dataclass(frozen=True, slots=True)
class SceneCues:
    """The compiled word lists that scenes look into."""

    words: Grammar
    anaphora: PhraseTable
    nouns: frozenset[str]
    kinds: dict[str, tuple[str, ...]]
    attacks: frozenset[str]
    closable: frozenset[str]
    unopposed: PhraseTable
    raids: frozenset[str]


def load_scene_cues() -> SceneCues:
    """Compile the lists of ``cues.toml`` and ``grammar.toml``."""
    cues = load_cues()
    anaphora = cues["place_anaphora"]
    entries = [(phrase, "singular") for phrase in anaphora["singular"]] + [(phrase, "plural") for phrase in anaphora["plural"]]
    return SceneCues(
        words=load_grammar(),
        anaphora=PhraseTable(entries),
        nouns=frozenset(anaphora["nouns"]),
        kinds={noun: tuple(kinds) for noun, kinds in cues["kinds"].items()},
        attacks=frozenset(cues["attack_nouns"]["words"]),
        closable=frozenset(cues["closable"]["words"]),
        unopposed=PhraseTable((phrase, True) for phrase in cues["unopposed"]["phrases"]),
        raids=frozenset(cues["factuality"]["raids"]),
    )


@dataclass(slots=True)
class BaseScene:
    """A clause in its sentence, the clause before it, the candidate before it, and what the text has told."""

    tokens: Tokens
    sentence: SentenceMarks
    clause: Clause
    earlier: Clause | None
    before: Candidate | None
    told: Discourse
    cues: SceneCues
    part_told: bool = False

    @property
    def words(self) -> Grammar:
        """The small words."""
        return self.cues.words

    @property
    def verb(self) -> str:
        """The trigger's verb, uninflected."""
        return self.clause.trigger.mention.verb

    # ------------------------------------------------------------ voice

    def passive(self) -> bool:
        """Whether the trigger says something of what stands before it."""
        mention = self.clause.trigger.mention
        if mention.form not in ("part", "regular", "past", "any"):
            return False
        low, at = self.tokens.low, self.clause.trigger.first
        for index in range(at - 1, max(self.clause.begin, at - 6) - 1, -1):
            word = low[index]
            if word in self.words.be:
                return not (word == "s" and (index == 0 or low[index - 1] != "'" or self._is_genitive(index)))
            if word in ("has", "have", "had") and index + 1 < len(low) and low[index + 1] not in ("been", "also", "already", "since"):
                return False
            if word not in self.words.adverbs and not any(d.first <= index < d.last for d in self.sentence.dates):
                break
        if mention.form in ("part", "regular", "any"):
            nxt = low[self.clause.trigger.last : self.clause.trigger.last + 4]
            if "by" in nxt[:1] or ("by" in nxt and any(d.first <= self.clause.trigger.last + 1 < d.last for d in self.sentence.dates)):
                return True
        if mention.form == "part":  # "seized and driven away": no "have" makes it active
            return not {"has", "have", "had", "having", "ve"} & set(low[max(self.clause.begin, at - 6) : at])
        return False

    def _is_genitive(self, index: int) -> bool:
        return any(mark.last >= index and mark.first < index for mark in self.sentence.actors) or any(
            g.last >= index - 1 and g.first < index for g in self.sentence.groups
        )

    # ------------------------------------------------------------ words

    def attack_noun(self, nouns: frozenset[str]) -> bool:
        """Whether the clause speaks of an attack."""
        low = self.tokens.low
        trigger = self.clause.trigger
        return any(low[i] in nouns for i in range(self.clause.begin, self.clause.end) if not trigger.first <= i < trigger.last)

    def weapon(self) -> bool:
        """Whether the clause speaks of something that strikes."""
        low = self.tokens.low
        return any(low[i] in self.words.weapons for i in range(self.clause.begin, self.clause.end))

    def happening(self) -> bool:
        """Give a strike told as a noun happened where a date or its harm is told, not where it is only a reason for something."""
        low, trigger = self.tokens.low, self.clause.trigger
        if any(word in self.words.reasons for word in low[max(self.clause.begin, trigger.first - 4) : trigger.first]):
            return False
        dated = any(self.clause.begin <= d.first < self.clause.end for d in self.sentence.dates)
        return dated or any(low[i] in self.words.harm for i in range(self.clause.begin, self.clause.end))

    def unopposed(self, phrases: PhraseTable) -> bool:
        """Whether the clause, or what follows it in the sentence, tells that nobody resisted."""
        last = min(self.sentence.last, self.clause.end + 12)
        return phrases.occurs(self.tokens.low, self.clause.begin, last)

    def after_raid(self) -> bool:
        """Whether the sentence tells of a raid: who withdraws after it held nothing."""
        return any(word in self.cues.raids for word in self.tokens.low[self.sentence.first : self.sentence.last])

    def roads_behind(self) -> bool:
        """Whether roads stand behind the trigger."""
        low = self.tokens.low
        return any(low[i] in ("roads", "road", "routes", "highways") for i in range(self.clause.trigger.last, self.clause.end))

    def failure_told(self) -> bool:
        """Whether the sentence goes on to tell that it failed."""
        low = self.tokens.low
        return any(
            low[i] in self.words.failures for i in range(self.clause.trigger.first, min(self.sentence.last, self.clause.trigger.last + 30))
        )

    def dated_near(self, trigger: TriggerMark) -> bool:
        """Whether a date stands beside a trigger."""
        return any(0 <= d.first - trigger.last <= 9 or 0 <= trigger.first - d.last <= 6 for d in self.sentence.dates)

    def since(self) -> DateMark | None:
        """Give the date since which a state lasts."""
        low = self.tokens.low
        for date in self.sentence.dates:
            if self.clause.begin <= date.first < self.clause.end or date.first == self.clause.end:
                before = low[max(0, date.first - 2) : date.first]
                if {"since", "from", "by", "till", "as"} & {*before, low[date.first]}:
                    return date
        dates = [d for d in self.sentence.dates if self.clause.begin <= d.first < self.clause.end]
        past = low[self.clause.trigger.first] in ("was", "were", "had", "held")
        return dates[0] if dates and (past or low[self.clause.trigger.last - 1] in ("ours", "theirs")) else None

    def candidate(
        self,
        kind: EventType,
        marks: tuple[PlaceMark, ...],
        actor: ActorMark | None,
        *,
        target: ActorMark | None = None,
        passive: bool = False,
        anaphoric: bool = False,
        group: PlaceGroup | None = None,
    ) -> Candidate:
        """Make the candidate of this clause."""
        return Candidate(
            type=kind,
            rule=self.clause.trigger.mention.trigger.name,
            trigger=self.clause.trigger,
            sentence=self.sentence,
            marks=marks,
            begin=self.clause.begin,
            end=self.clause.end,
            actor=actor,
            target=target,
            passive=passive,
            anaphoric=anaphoric,
            group=group,
            part=self.part_told,
        )
