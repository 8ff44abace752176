"""Who says so, on whose side they are, and what that makes of an event: confirmed, claimed or denied."""

import datetime as dt
import functools
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geo.reading.actors import ActorMention
from geo.reading.marks import Marks, SentenceMarks
from geo.reading.tokens import PhraseTable, Tokens
from geo.records import Report, Status
from geo.resources import data_path
from geo.theatre import Theatre

OLD_DAYS = 90  # an old fact told flatly is confirmed, whoever writes (guideline)


@functools.cache
def _words() -> dict[str, Any]:
    with data_path("lexicon", "sources.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Somebody's words around an event: ``text`` as written, the party that speaks (``None``: nobody's), and the tone."""

    text: str
    actor: str | None
    independent: bool
    claims: bool
    admits: bool
    denies: bool


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
        self._self = PhraseTable((phrase, True) for phrase in words["partisan"]["self"])
        self._kinds = frozenset(words["partisan"]["kinds"])
        self._theatre = theatre
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}

    def own_actor(self, report: Report, marks: Marks) -> str | None:
        """Give the party that a report speaks for, ``None`` for an independent one."""
        source = report.source.lower()
        for actor in self._theatre.actors:
            if source in {name.lower() for name in (*actor.sources, *actor.aliases, actor.id)}:
                return actor.id
        partisan = report.source_kind in self._kinds or source in self._kinds
        # "we" and "us" alone are also a monitor's or a correspondent's
        ours = [m for m in marks.actors if m.role == "self" and m.text.lower() not in ("we", "us", "our")]
        if not partisan and not ours:
            return None
        return self._named_self(report, marks, ours) if partisan or len(ours) >= 1 else None

    def _named_self(self, report: Report, marks: Marks, ours: list[ActorMention]) -> str | None:
        """The party named in the heading, else the opponent of the one named most."""
        text = report.text
        head = text[: max(160, text.find("\n") if 0 < text.find("\n") < 250 else 160)]
        low = marks.tokens
        for index in range(len(low)):
            if low.starts[index] > len(head):
                break
            hit = self._table.find(low.low, index)
            if hit is not None:
                speaker = next((actor for kind, actor in hit[1] if kind == "speaker"), None)
                if speaker is not None:
                    return speaker
        named = [m for m in marks.actors if m.actor and m.kind in ("alias", "form")]
        triggers = [t.mention.start for s in marks.sentences[:1] for t in s.triggers]
        first_trigger = min(triggers, default=len(text))
        heading = [m for m in named if m.end <= min(first_trigger, 160)]
        if heading and (not ours or heading[0].start < ours[0].start or True):
            camp_hits = Counter(self._camps.get(str(m.actor)) for m in named)
            if camp_hits[self._camps.get(str(heading[0].actor))] <= max(3, len(named) // 2 + 1):
                return heading[0].actor
        counts = Counter(str(m.actor) for m in named if m.kind == "alias")
        if not counts:
            return named[0].actor if named else None
        most = counts.most_common(1)[0][0]
        rivals = [a for a, _ in counts.most_common() if self._camps.get(a) != self._camps.get(most)]
        return rivals[0] if rivals else None

    def attributions(self, tokens: Tokens, sentence: SentenceMarks, resolve: Callable[[ActorMention], str | None]) -> list[Attribution]:
        """Find who is said to say something in a sentence."""
        found: list[Attribution] = []
        low = tokens.low
        index = sentence.first
        speakers: list[tuple[int, str]] = []
        tones: list[tuple[int, int, str]] = []
        independents: list[tuple[int, int]] = []
        while index < sentence.last:
            hit = self._table.find(low, index, sentence.last)
            if hit is None:
                index += 1
                continue
            for kind, actor in hit[1]:
                if kind == "speaker" and actor is not None:
                    speakers.append((index, actor))
                elif kind == "independent":
                    independents.append((index, hit[0]))
                else:
                    tones.append((index, hit[0], kind))
            index = hit[0]
        for first, last, tone in tones:
            near_actor = next((m for m in sentence.actors if -1 <= first - m.last <= 5 or 0 <= m.first - last <= 4), None)
            speaker = min(speakers, key=lambda s: abs(s[0] - first), default=None)
            neutral = any(abs(a - first) <= 9 for a, _ in independents)
            actor = speaker[1] if speaker is not None and abs(speaker[0] - first) <= 9 else None
            if actor is None and near_actor is not None and not neutral:
                actor = resolve(near_actor.mention)
            a, b = tokens.starts[first], tokens.ends[last - 1]
            if near_actor is not None:
                a, b = min(a, near_actor.mention.start), max(b, near_actor.mention.end)
            found.append(
                Attribution(
                    text=tokens.text[a:b],
                    actor=actor,
                    independent=neutral and actor is None,
                    claims=tone == "claiming",
                    admits=tone == "admitting",
                    denies=tone == "denying",
                )
            )
        for first, last in independents:
            if all(abs(first - at) > 9 for at, _, _ in tones):
                found.append(
                    Attribution(
                        text=tokens.text[tokens.starts[first] : tokens.ends[last - 1]],
                        actor=None,
                        independent=True,
                        claims=False,
                        admits=False,
                        denies=False,
                    )
                )
        return found

    def status(
        self,
        kind: str,
        actor: str | None,
        target: str | None,
        date: dt.date,
        report: Report,
        own: str | None,
        said: list[Attribution],
        after: list[Attribution],
    ) -> tuple[Status, str | None]:
        """Give an event's status and the words that attribute it.

        Parameters
        ----------
        kind, actor, target, date
            The event's type, who gains or acts, who loses, its first day.
        report
            The report that tells it.
        own
            The party the report speaks for, or ``None``.
        said, after
            The attributions of the event's sentence and of the one behind it.
        """
        text = said[0].text if said else None
        mine = self._camps.get(actor or "")
        side_claims = any(s.actor is not None and self._camps.get(s.actor) == mine for s in said) or any(
            s.claims and s.actor is None for s in said
        )
        others = any(s.independent and not s.denies for s in said) or any(
            s.actor is not None and self._camps.get(s.actor) != mine and not s.denies for s in said
        )
        admitted = any(s.admits and (s.actor is None or self._camps.get(s.actor) != mine) for s in (*said, *after[:2]))
        denied = any(s.denies and (s.actor is None or self._camps.get(s.actor) != mine) for s in (*said, *after))
        if kind in ("capture", "transfer", "contested", "withdrawal") and side_claims and denied and not admitted:
            return "denied", text
        if kind == "withdrawal":
            return "confirmed", text
        if (report.published - date).days > OLD_DAYS:
            return ("claimed" if side_claims and any(s.claims for s in said) else "confirmed"), text
        partisan = own is not None and self._camps.get(own) == mine
        if partisan and kind in ("capture", "transfer", "contested", "strike", "repelled"):
            return ("confirmed" if admitted or others else "claimed"), text
        if side_claims and not others and not admitted:
            return "claimed", text
        return "confirmed", text
