"""Find all that a report names, and lay it side by side for the linker; say what a candidate means on a date."""

import datetime as dt
from collections.abc import Sequence

from geo.reading.actors import ActorFinder, ActorMention, actor_on
from geo.reading.dates import find_dates
from geo.reading.linker import ActorCandidate, Layout, PlaceSpan
from geo.reading.linker_source import partisanship, source_actor
from geo.reading.sentences import Sentence, split_sentences
from geo.records import Toponym
from geo.theatre import Theatre

_HEADING_WORDS = 3


def layout_of(
    text: str, published: dt.date, source: str, source_kind: str, toponyms: Sequence[Toponym], theatre: Theatre, finder: ActorFinder
) -> Layout:
    """Find all that a report names and lay it side by side."""
    sentences = _with_headings(split_sentences(text), text)
    mentions = finder.find(text, published, toponyms=toponyms)
    kind = partisanship(source, source_kind)
    places = [
        PlaceSpan(start=t.start, end=t.end, key=t.place.place_id, kind=t.place.kind) for t in toponyms if t.place is not None and t.start < t.end
    ]
    taken = [(span.start, span.end) for span in places]
    actors: list[ActorMention] = []
    for mention in mentions:
        if mention.kind != "holder" and mention.actor is not None and not any(mention.start < end and start < mention.end for start, end in taken):
            actors.append(mention)
    return Layout(
        text=text, published=published, sentences=sentences, places=places, actors=actors, dates=find_dates(text, published, sentences),
        source_actor=source_actor(text, source, kind, mentions, theatre), partisan=kind,
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
    return (actor_on(mention, date) or candidate.actor) if isinstance(mention, ActorMention) else candidate.actor
