"""Check the linker's choices by the rules: what is planned, ordered, feared or asked is no event because a network liked it."""

from collections.abc import Sequence

from geo.reading.actors import ActorFinder
from geo.reading.clauses import ClauseCutter
from geo.reading.factuality import Factuality
from geo.reading.linker_decode import Cast, Choice
from geo.reading.linker_records import Layout
from geo.reading.marks import Marker, Marks, SentenceMarks
from geo.reading.sources import OLD_DAYS
from geo.reading.triggers import TriggerFinder
from geo.records import CONTROL_TYPES, Event, Report, Status, Toponym

# a choice surer than this stands against the rules' doubt: measured on held-out reports, they are wrong more often than it is from here on
_SURE = 0.97
_HALF_BELIEVED = 0.2


class FactCheck:
    """Vetoes choices whose sentence, by the rules, tells of nothing that happened; built once for a theatre.

    Parameters
    ----------
    finder
        The theatre's actor finder.
    """

    def __init__(self, finder: ActorFinder) -> None:
        self._marker = Marker(finder, TriggerFinder())
        self._cutter = ClauseCutter()
        self._factuality = Factuality()

    def pass_through(self, report: Report, toponyms: Sequence[Toponym], layout: Layout, choices: Sequence[Choice]) -> list[Choice]:
        """Give the choices that stand.

        Parameters
        ----------
        report, toponyms, layout
            What was read, and as it was laid out.
        choices
            The linker's.
        """
        if not choices:
            return []
        marks = self._marker.mark(report, toponyms)
        kept = []
        for choice in choices:
            sentence = layout.sentences[choice.window.sentence]
            at = choice.window.place.start if choice.window.named else sentence.start
            if not self._doubts(marks, choice, at) and not _is_container(marks, choice):
                kept.append(choice)
        return kept

    def _doubts(self, marks: Marks, choice: Choice, at: int) -> bool:
        if choice.type not in CONTROL_TYPES or choice.p_type >= _SURE:
            return False
        sentence = next((s for s in marks.sentences if s.sentence.start <= at < s.sentence.end), None)
        return sentence is not None and self.is_unreal(marks, sentence)

    def is_unreal(self, marks: Marks, sentence: SentenceMarks) -> bool:
        """Tell whether all that a sentence says about control is refused: none of it happened."""
        told = [clause for clause in self._cutter.cut(marks.tokens, sentence) if clause.trigger.mention.trigger.type in CONTROL_TYPES]
        if not told:
            return False
        if self._factuality.unreal(marks.tokens, sentence):
            return True
        return all(self._factuality.refuse(marks.tokens, sentence, clause.trigger, clause.begin, clause.end) is not None for clause in told)


def settle_status(choice: Choice, layout: Layout, cast: Cast, advice: Event | None) -> Status:
    """Give a choice's status: the network's, but where the guideline leaves no choice.

    A party's own loss is confirmed; what a partisan report tells of its own side's recent gains, strikes and repulses is a claim. The
    rules see a denial by its words: where ``advice``, their reading of the same event, has one, the network need only half believe it.
    A sentence that opens with who says it ("rebel sources said that …") is that side's word.
    """
    if choice.type == "withdrawal":
        return "confirmed"
    if advice is not None and advice.status == "denied" and choice.p_denied >= _HALF_BELIEVED:
        return "denied"
    if advice is not None and advice.status == "claimed" and _opens_with_speaker(advice):
        return "claimed"
    recent = (layout.published - choice.date.date).days <= OLD_DAYS
    own = layout.partisan and layout.source_actor is not None and cast.camp(layout.source_actor) == cast.camp(choice.actor)
    return "claimed" if own and recent and choice.status == "confirmed" else choice.status


def _opens_with_speaker(advice: Event) -> bool:
    said = advice.attribution or ""
    return bool(said) and advice.evidence.startswith(said) and advice.evidence[len(said) :].lstrip().startswith("that ")


def _is_container(marks: Marks, choice: Choice) -> bool:
    """Tell whether a place is named only to say where another one lies ("Palmyra (Homs, Syria)")."""
    at = choice.window.place.start
    named = [mark for sentence in marks.sentences for group in sentence.groups for mark in group.marks if mark.toponym.start == at]
    return bool(named) and all(mark.role == "container" for mark in named)
