"""Cut sentences into clauses, one for each trigger, and keep what the text has told so far."""

import itertools
from dataclasses import dataclass, field

from geo.reading.dates import DateMention
from geo.reading.marks import ActorMark, PlaceGroup, PlaceMark, SentenceMarks, TriggerMark, load_cues
from geo.reading.tokens import Tokens
from geo.records import EventType


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
    part: bool = False
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
        pairs = itertools.pairwise(triggers)
        bounds = [(sentence.first, ""), *(self._boundary(tokens, before.last, after.first, inside) for before, after in pairs)]
        clauses = []
        for index, trigger in enumerate(triggers):
            begin, joint = bounds[index]
            end = bounds[index + 1][0] if index + 1 < len(triggers) else sentence.last
            clauses.append(Clause(begin, end, trigger, joint))
        return clauses

    def _boundary(self, tokens: Tokens, first: int, last: int, inside: frozenset[int]) -> tuple[int, str]:
        best, rank, joint = last, 0.0, ""
        low = tokens.low
        for index in range(first, last):
            if index in inside:
                continue
            word = low[index]
            value = self._rank(tokens, index, word)
            if value >= rank and value > 0:
                best, rank, joint = index, value, word
        return best, joint

    def _rank(self, tokens: Tokens, index: int, word: str) -> float:
        """Say how strongly a token ends a clause; 0 where it does not."""
        if word == ";":
            return 6.0
        if word in (":", "—", "(", ")", "|") or (word == "-" and not tokens.glued(index)):
            return 4.0
        if word in self._subordinators:
            return 3.5
        if word in self._coordinators:
            return 3.0 if index > 0 and tokens.low[index - 1] == "," else 2.0
        return 1.5 if word == "," else 0.0


def _inside(sentence: SentenceMarks) -> frozenset[int]:
    """Give the tokens inside lists and mentions, where no clause ends."""
    taken: set[int] = set()
    for group in sentence.groups:
        taken.update(range(group.first, group.last))
    for mark in (*sentence.dates, *sentence.actors):
        if mark.last - mark.first > 1:
            taken.update(range(mark.first, mark.last))
    return frozenset(taken)
