"""Who says so, on whose side they are, and what that makes of an event: confirmed, claimed or denied."""

import datetime as dt
import functools
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geo.reading.marks import ActorMark, Marks, SentenceMarks
from geo.reading.tokens import PhraseTable, Tokens, tokenise
from geo.records import Report, Status
from geo.resources import data_path
from geo.theatre import Theatre

_HEADING = 160  # characters in which a communique names who speaks
_NEAR = 9  # tokens between a speaker and the verb of saying
_SCOPE = 14  # tokens behind a verb of saying in which "no one", "false" say that it is not so
_CLAIMABLE = frozenset({"capture", "transfer", "contested", "withdrawal"})
OLD_DAYS = 90  # an old fact told flatly is confirmed, whoever writes (guideline)


@functools.cache
def _words() -> dict[str, Any]:
    with data_path("lexicon", "sources.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Somebody's words around an event: ``text`` as written, token ``at``, who speaks, and the tone.

    ``actor`` is the party that speaks, ``None`` where it is nobody's; ``independent`` marks residents, monitors, footage. ``tone``
    is saying, claiming, admitting or denying; ``doubts`` marks words behind it that say the contrary ("had seen no one").
    """

    text: str
    at: int
    actor: str | None
    independent: bool
    tone: str
    doubts: bool


class SourceJudge:
    """Judges status for one theatre; built once."""

    def __init__(self, theatre: Theatre) -> None:
        words = _words()
        entries: list[tuple[str, tuple[str, str | None]]] = []
        for tone in ("saying", "claiming", "admitting", "denying"):
            entries += [(phrase, (tone, None)) for phrase in words["verbs"][tone]]
        entries += [(phrase, ("independent", None)) for phrase in words["independent"]["words"]]
        for actor in theatre.actors:
            entries += [(phrase, ("speaker", actor.id)) for phrase in actor.sources]
        self._table = PhraseTable(entries)
        self._contrary = PhraseTable((phrase, True) for phrase in words["verbs"]["contrary"])
        self._kinds = frozenset(words["partisan"]["kinds"])
        named = ((name.lower(), actor.id) for actor in theatre.actors for name in (*actor.sources, *actor.aliases, actor.id))
        self._names = PhraseTable((name, actor.id) for actor in theatre.actors for name in (*actor.sources, *actor.aliases))
        self._outlets = dict(reversed(list(named)))  # of two actors that share a name the first
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}

    def own_actor(
        self, report: Report, marks: Marks, *, takers: Sequence[str], losers: Sequence[str], rival: Callable[[str], str | None]
    ) -> str | None:
        """Give the party that a report speaks for, ``None`` for an independent one.

        Parameters
        ----------
        report, marks
            The report and its mentions.
        takers, losers
            The actors that its sentences name as taking or defending places, and as losing them: a party tells its own successes.
        rival
            Gives who fights an actor.
        """
        source = report.source.lower()
        if source in self._outlets:
            return self._outlets[source]
        partisan = report.source_kind in self._kinds or source in self._kinds
        if partisan and (signed := self._named_in(report.source)) is not None:
            return signed
        # "we" and "us" alone are also a monitor's or a correspondent's
        ours = [m for m in marks.actors if m.role == "self" and m.text.lower() not in ("we", "us", "our")]
        if not partisan and not ours:
            return None
        heading = self._heading(report, marks, partisan=partisan)
        if heading is not None:
            return heading
        balance = Counter(takers)
        balance.subtract(losers)
        best = max(balance.items(), key=lambda item: item[1], default=("", 0))
        if best[1] > 0:
            return best[0]
        named = Counter(str(m.actor) for m in marks.actors if m.actor and m.kind == "alias")
        blamed = losers[0] if losers else max(named, key=lambda actor: named[actor], default=None)
        return rival(blamed) if blamed is not None else None

    def _named_in(self, source: str) -> str | None:
        """Give the party in a source's name: "SDF press office", "Russian defence ministry"."""
        hits = self._names.scan(tokenise(source).low)
        return str(hits[0][2][0]) if hits else None

    def _heading(self, report: Report, marks: Marks, *, partisan: bool) -> str | None:
        """Give the party named above or before the news itself: an outlet, a spokesman, "Statement 47 of the Arakan Army"."""
        first = min((t.mention.start for s in marks.sentences for t in s.triggers), default=len(report.text))
        until = min(first, _HEADING)
        low = marks.tokens
        for index in range(len(low)):
            if low.starts[index] > until:
                break
            hit = self._table.find(low.low, index)
            speaker = next((actor for kind, actor in hit[1] if kind == "speaker"), None) if hit is not None else None
            if speaker is not None:
                return str(speaker)
        named = [m for m in marks.actors if m.actor and m.kind == "alias" and m.end <= until]
        return named[0].actor if named and partisan else None

    def attributions(self, tokens: Tokens, sentence: SentenceMarks, resolve: Callable[[ActorMark], str | None]) -> list[Attribution]:
        """Find who is said to say something in a sentence.

        Parameters
        ----------
        tokens, sentence
            The report's tokens and the sentence's marks.
        resolve
            Gives the actor that a mention means.
        """
        speakers: list[tuple[int, str]] = []
        witnesses: list[tuple[int, int]] = []
        tones: list[tuple[int, int, str]] = []
        for first, last, payloads in self._scan(tokens.low, sentence.first, sentence.last):
            for kind, actor in payloads:
                if kind == "speaker" and actor is not None:
                    speakers.append((first, actor))
                elif kind == "independent":
                    witnesses.append((first, last))
                else:
                    tones.append((first, last, kind))
        found = [self._attribution(tokens, sentence, tone, speakers, witnesses, resolve) for tone in tones]
        for first, last in witnesses:
            if all(abs(first - at) > _NEAR for at, _, _ in tones):
                text = tokens.text[tokens.starts[first] : tokens.ends[last - 1]]
                found.append(
                    Attribution(
                        text=text,
                        at=first,
                        actor=None,
                        independent=True,
                        tone="saying",
                        doubts=self._doubts(tokens.low, last, sentence.last),
                    )
                )
        return found

    def _scan(self, low: list[str], first: int, last: int) -> Iterator[tuple[int, int, tuple[tuple[str, str | None], ...]]]:
        index = first
        while index < last:
            hit = self._table.find(low, index, last)
            if hit is None:
                index += 1
                continue
            yield index, hit[0], hit[1]
            index = hit[0]

    def _attribution(  # noqa: PLR0917 - all that was found in the sentence
        self,
        tokens: Tokens,
        sentence: SentenceMarks,
        tone: tuple[int, int, str],
        speakers: list[tuple[int, str]],
        witnesses: list[tuple[int, int]],
        resolve: Callable[[ActorMark], str | None],
    ) -> Attribution:
        first, last, kind = tone
        low = tokens.low
        heads = {at for at, _ in witnesses}  # "its mayor said": the mayor speaks, not it
        before = [
            m
            for m in sentence.actors
            if m.mention.kind != "holder" and 0 <= first - m.last <= 5 and m.last not in heads and not {";", ","} & set(low[m.last : first])
        ]
        behind = [m for m in sentence.actors if m.mention.kind != "holder" and 0 <= m.first - last <= 2]
        witness = any(abs(a - first) <= _NEAR and ";" not in low[min(a, first) : max(a, first)] for a, _ in witnesses)
        outlets = [(abs(at - first), actor) for at, actor in speakers if abs(at - first) <= _NEAR and (at < first or not before)]
        speaker = min(outlets)[1] if outlets else None
        nearest = before[-1] if before else behind[0] if behind and not witness and (low[first] == "according" or not before) else None
        if nearest is not None and nearest in behind and low[last : last + 1] == ["that"]:
            nearest = None
        if speaker is None and nearest is not None and not (witness and nearest not in before):
            speaker = resolve(nearest)
        start, end = tokens.starts[first], tokens.ends[last - 1]
        if nearest is not None:
            start, end = min(start, nearest.mention.start), max(end, nearest.mention.end)
        return Attribution(
            text=tokens.text[start:end],
            at=first,
            actor=speaker,
            independent=witness and speaker is None,
            tone=kind,
            doubts=kind == "denying" or self._doubts(low, last, sentence.last),
        )

    def _doubts(self, low: list[str], first: int, last: int) -> bool:
        """Tell whether what somebody says is that it is not so: "said that they had seen no one"."""
        for index in range(first, min(last, first + _SCOPE)):
            if low[index] == ";":
                return False
            if self._contrary.find(low, index, last) is not None:
                return True
        return False

    def status(
        self,
        kind: str,
        actor: str | None,
        date: dt.date,
        report: Report,
        *,
        own: str | None,
        said: Sequence[Attribution],
        around: Sequence[Attribution],
    ) -> tuple[Status, str | None]:
        """Give an event's status and the words that attribute it.

        Parameters
        ----------
        kind, actor, date
            The event's type, who gains or acts, its first day.
        report
            The report that tells it.
        own
            The party the report speaks for, or ``None``.
        said
            The attributions of the event's own part of the sentence.
        around
            Those of the rest of the sentence and of the one behind it.
        """
        mine = self._camps.get(actor or "", actor)

        def friendly(words: Attribution) -> bool:
            return words.actor is not None and self._camps.get(words.actor, words.actor) == mine

        text = next((words.text for words in said if friendly(words)), said[0].text if said else None)
        # a party may also speak of what it denies or admits; only its assertion is a claim
        side_claims = any(
            (friendly(words) and not words.doubts) or (words.tone == "claiming" and words.actor is None and not words.independent)
            for words in said
        )
        vouched = any(
            not friendly(words) and not words.doubts and (words.independent or (words.actor is not None and words.tone != "claiming"))
            for words in said
        )
        vouched = vouched or any(words.tone == "admitting" and not friendly(words) and not words.doubts for words in (*said, *around))
        denied = any(
            words.doubts and not friendly(words) and (words.actor is not None or words.independent or words.tone == "denying")
            for words in (*said, *around)
        )
        if kind in _CLAIMABLE and side_claims and denied and not vouched:
            return "denied", text
        if kind == "withdrawal":
            return "confirmed", text
        if (report.published - date).days > OLD_DAYS:
            return ("claimed" if side_claims and not vouched and any(words.tone == "claiming" for words in said) else "confirmed"), text
        # a party's text that does not say whose it is still tells its own successes
        partisan = self._camps.get(own) == mine if own is not None else report.source_kind in self._kinds
        if (partisan or side_claims) and not vouched and (kind in _CLAIMABLE or kind in ("strike", "repelled")):
            return "claimed", text
        return "confirmed", text
