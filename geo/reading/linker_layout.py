"""Find all that a report names, and lay it side by side for the linker; say what a candidate means on a date."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from geo.reading.actors import ActorFinder, actor_on
from geo.reading.dates import find_dates
from geo.reading.linker_records import ActorCandidate, Advice, Layout, PlaceSpan
from geo.reading.linker_source import partisanship, source_actor
from geo.reading.sentences import Sentence, split_sentences
from geo.records import Event, Report, Toponym
from geo.theatre import Theatre

_HEADING_WORDS = 3


def layout_of(report: Report, toponyms: Sequence[Toponym], theatre: Theatre, *, finder: ActorFinder, rules: Sequence[Event]) -> Layout:
    """Find all that a report names and lay it side by side.

    Parameters
    ----------
    report, toponyms
        The report and its resolved place names.
    theatre, finder
        Who may act, and what finds them.
    rules
        What the rules read in the report: advice to the linker, no more.
    """
    text, published = report.text, report.published
    sentences = _with_headings(split_sentences(text), text)
    mentions = finder.find(text, published, toponyms=toponyms)
    kind = partisanship(report.source, report.source_kind)
    places = [
        PlaceSpan(start=toponym.start, end=toponym.end, key=toponym.place.place_id, kind=toponym.place.kind)
        for toponym in toponyms
        if toponym.place is not None and toponym.start < toponym.end
    ]
    actors = [
        mention
        for mention in mentions
        if mention.kind != "holder"
        and mention.actor is not None
        and not any(mention.start < span.end and span.start < mention.end for span in places)
    ]
    advice: dict[str, list[Advice]] = {}
    for event in rules:
        told = Advice(start=event.start, type=event.type, actor=event.actor, target=event.target, date=event.date)
        advice.setdefault(event.place_id, []).append(told)
    counts = Counter(str(mention.actor) for mention in actors)
    return Layout(
        text=text, published=published, sentences=sentences, places=places, actors=actors, dates=find_dates(text, published, sentences),
        source_actor=source_actor(text, report.source, kind, mentions, theatre), advice=advice,
        shares={actor: count / len(actors) for actor, count in counts.items()}, partisan=kind,
    )  # fmt: skip


def _with_headings(sentences: Sequence[Sentence], text: str) -> list[Sentence]:
    """Join a heading of a few words ("- Sartana.") to the sentence behind it in the same line."""
    joined: list[Sentence] = []
    for sentence in sentences:
        before = joined[-1] if joined else None
        if before is not None and before.line == sentence.line and len(before.text.split()) <= _HEADING_WORDS:
            joined[-1] = Sentence(start=before.start, end=sentence.end, text=text[before.start : sentence.end], line=sentence.line)
        else:
            joined.append(sentence)
    return joined


def meaning_on(candidate: ActorCandidate, date: dt.date) -> str | None:
    """Give whom a candidate means on a date ("rebels" of 2016 are others than those of 2024)."""
    mention = candidate.mention
    return (actor_on(mention, date) or candidate.actor) if mention is not None else candidate.actor
