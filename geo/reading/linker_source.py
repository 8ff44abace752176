"""Tell for whom a partisan report speaks: whose communiqué or post it is, if anybody's."""

import re
from collections import Counter
from collections.abc import Sequence

from geo.reading.actors import ActorMention
from geo.theatre import Theatre

INDEPENDENT, COMMUNIQUE, POST = 0, 1, 2

_COMMUNIQUES = frozenset({"communique", "communiqué", "ministry", "state-media", "party", "press-release"})
_POSTS = frozenset({"social", "post", "telegram", "twitter"})
_OURS = re.compile(r"\b(?:our|ours|we|us|nous|nos)\b", re.IGNORECASE)
_OUR = re.compile(r"\b(?:our|your|we,?|of the|the heroic|the valiant|the brave|spokesman (?:for|of)(?: the)?|command of(?: the)?|by the)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_HOSTILE = re.compile(
    r"\b(?:enemy|terrorists?|gangs?|hirelings?|so-called|criminal|occupier\w*|occupation|mercenar\w+|militia of|traitors?|dogs|apostates?|rejectionists?|crusaders?|invaders?|"
    r"aggressors?|puppets?|bandits?|remnants|separatist|fascists?|punishers|coup|hostile|thieves|filthy)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:statement|communiqu[eé]|spokesman|spokesperson|command|press|media|ministry|headquarters|bureau|staff|information|office|news agency|general staff)\b", re.IGNORECASE
)


def partisanship(source: str, source_kind: str) -> int:
    """Tell a party's own communiqué (1) and a partisan post (2) from an independent report (0).

    Examples
    --------
    >>> partisanship("SANA", "state-media"), partisanship("wire", "other")
    (1, 0)
    """
    words = {source.lower(), source_kind.lower()}
    return COMMUNIQUE if words & _COMMUNIQUES else POST if words & _POSTS else INDEPENDENT


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
    score: Counter[str] = Counter()
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
    before, after = text[max(0, mention.start - 40) : mention.start], text[mention.end : mention.end + 30]
    weight = 0.5 if first else 0.1
    if _HOSTILE.search(before[-26:]) or _HOSTILE.match(after.lstrip()) or _HOSTILE.search(mention.text):
        weight -= 2.5
    if _OUR.search(before) or _OURS.search(mention.text):
        weight += 1.5
    edge = mention.start < 160 or mention.end > len(text) - 120
    if edge and (_OFFICE.search(before) or _OFFICE.search(after)):
        weight += 1.5
    return weight
