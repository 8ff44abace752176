"""Tell for whom a partisan report speaks: whose communiqué or post it is, if anybody's."""

import functools
import re
from collections import defaultdict
from collections.abc import Sequence

from geo.reading.actors import ActorMention
from geo.reading.linker import load_words
from geo.theatre import Theatre

INDEPENDENT, COMMUNIQUE, POST = 0, 1, 2


@functools.cache
def _words() -> dict[str, re.Pattern[str]]:
    """Give the word lists as patterns."""
    voice = load_words()["voice"]
    joined = {
        name: "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) for name, words in voice.items()
    }
    shapes = {"communiques": r"(?:{})$", "posts": r"(?:{})$", "own": r"\b(?:{}),?\s+(?:\w+\s+){{0,2}}$"}
    return {name: re.compile(shapes.get(name, r"\b(?:{})\b").format(words), re.IGNORECASE) for name, words in joined.items()}


def partisanship(source: str, source_kind: str) -> int:
    """Tell a party's own communiqué (1) and a partisan post (2) from an independent report (0).

    Examples
    --------
    >>> partisanship("SANA", "state-media"), partisanship("wire", "other")
    (1, 0)
    """
    words = _words()
    if any(words["communiques"].match(name) for name in (source, source_kind)):
        return COMMUNIQUE
    return POST if any(words["posts"].match(name) for name in (source, source_kind)) else INDEPENDENT


def source_actor(text: str, source: str, kind: int, mentions: Sequence[ActorMention], theatre: Theatre) -> str | None:
    """Give the actor for whom a report speaks, or ``None``.

    The source's own name decides where a theatre lists it; else, in partisan reports, the voice: who is called "our", signs the
    statement or holds the office named at its head or foot, and is not called names.
    """
    low = source.lower()
    for actor in theatre.actors:
        if any(name.lower() == low for name in actor.sources):
            return actor.id
    if kind == INDEPENDENT:
        return None
    score: dict[str, float] = defaultdict(float)
    for actor in theatre.actors:
        for name in actor.sources:
            at = text.find(name)
            if at >= 0:
                score[actor.id] += 2 if at < 160 or at > len(text) - 160 else 1
    for number, mention in enumerate(m for m in mentions if m.actor is not None and m.kind != "holder"):
        score[str(mention.actor)] += _weigh(text, mention, first=number == 0)
    best = sorted(score.items(), key=lambda item: (-item[1], item[0]))
    return best[0][0] if best and best[0][1] > 0 else None


def _weigh(text: str, mention: ActorMention, *, first: bool) -> float:
    words = _words()
    before, after = text[max(0, mention.start - 40) : mention.start], text[mention.end : mention.end + 30]
    weight = 0.5 if first else 0.1
    if words["hostile"].search(before[-26:]) or words["hostile"].match(after.lstrip()) or words["hostile"].search(mention.text):
        weight -= 2.5
    if words["own"].search(before) or words["ours"].search(mention.text):
        weight += 1.5
    edge = mention.start < 160 or mention.end > len(text) - 120
    if edge and (words["offices"].search(before) or words["offices"].search(after)):
        weight += 1.5
    return weight
