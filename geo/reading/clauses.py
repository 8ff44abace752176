"""Cut sentences into clauses, one for each trigger, and keep what the text has told so far."""

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
