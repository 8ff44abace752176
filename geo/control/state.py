"""Who holds each place from which day on: the rules by which reports move the map.

Reports disagree, arrive late and boast. These rules decide, the same way whatever the order of the
reports; each has its test in ``tests/test_control_rules.py`` under the rule's number.

1.  *Latest wins.* A capture or transfer told by a source that counts gives the place to its taker. An event counts
    from the last day on which it can have been ("in November", told on 2 December: 30 November), and never before.
2.  *By interval, not by point.* Where an event's days overlap those of what is known, the more exact date wins;
    between equals, the one that ends later.
3.  *Two takers.* If opposing sides both take a place on one day, it is contested between them; unless at least twice as many
    sources name the one as the other.
4.  *A claim is no flip.* What only the gaining side says goes to the claimed layer at once. The assessed layer follows when
    a source of no side or the losing side says so too, or when the loser is known to have left, or when nothing to the contrary
    was heard for ``claim_holds_after_days`` (5, or the theatre's): then it is held, inferred from the silence, and marked as claimed.
5.  *A partisan source counts alone only against its own side* (``geo.control.ledger``): its own gains are claims,
    its own losses are confirmed.
6.  *Denied.* A claim with a denial in the same report is no claim. A denial elsewhere, a beaten-off attack, or a report by the
    holder that it holds keeps a claim from coming true by silence. An event that counts, on a later day, ends the claims before it.
7.  *Contested until resolved.* Fighting inside, or a part taken, makes a place contested between its holder and
    whoever entered; it stays so until one side takes all of it or the other leaves. An attack beaten off does not end it.
8.  *A part is not the town.* A quarter, square or base taken makes its town contested, never flipped; if the taker holds the
    town, nothing changes. A quarter that the baseline names has a cell of its own.
9.  *Gone, and nobody came.* A place that its holder left is the nearest advancing side's, only inferred: the opposing side
    that last took something within ``ADVANCE_KM`` and ``ADVANCE_DAYS``, else the opposing side that holds the nearest place.
    If another side was already fighting in it, it is that side's.
10. *A province* reaches each of its places, unless something newer, or of the same day and of the place itself, is known of one. Places of
    the taker's friends stay, and of third sides too if the report says who lost it. "Most of a province", or fighting in it, reaches none.
11. *History* moves nothing: what was over before the baseline, unless the build starts before it. The
    baseline counts on its own day, and is outranked by any event of that day.
12. *The same again.* A report that a place is held by who holds it renews the evidence and changes nothing else.
13. *Come and gone on one day.* A side that took a place and left it on the same day has left it, unless the holder before it left
    too, or more sources say that it came. A holder that left, when another side took the place, has not taken
    it as well.
14. *Too doubtful to draw.* What one report alone was read to say with a confidence under ``LEAST_CONFIDENCE`` stays an event,
    for review, and moves nothing.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from scipy.spatial import cKDTree

from geo.control.cells import Cells
from geo.control.effects import Effect
from geo.control.timeline import UNKNOWN, Claim, Control, Timeline
from geo.theatre import Theatre

CLAIM_HOLDS_AFTER_DAYS = 5
ADVANCE_DAYS = 14
ADVANCE_KM = 100.0
LEFT_CONFIDENCE = 0.6  # of a taker that nobody named


def resolve(effects: Sequence[Effect], baseline: Mapping[int, Control], cells: Cells, theatre: Theatre) -> Timeline:
    """Follow the effects day by day.

    Parameters
    ----------
    effects
        Of the ledger, in any order.
    baseline
        Control of cells at the theatre's start.
    cells, theatre
        Where things are, and who is on whose side.
    """
    return _Chronicle(cells, theatre).tell(effects, baseline)


class _Chronicle:
    """The state of all cells while the days go by."""

    def __init__(self, cells: Cells, theatre: Theatre) -> None:
        self._xy = cells.xy
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._patience = int(theatre.settings.get("control", {}).get("claim_holds_after_days", CLAIM_HOLDS_AFTER_DAYS))
        self._now: dict[int, Control] = {}
        self._takes: list[tuple[int, int, str]] = []  # day, cell, actor
        self._waiting: dict[int, set[int]] = {}  # cells whose claims can come true on a day

    def _camp(self, actor: str | None) -> str | None:
        return self._camps.get(actor, actor) if actor else None

    def tell(self, effects: Sequence[Effect], baseline: Mapping[int, Control]) -> Timeline:
        by_day: dict[int, list[Effect]] = {}
        for effect in sorted(effects, key=lambda e: (e.day, e.cell, e.first, e.verb, e.actor, e.event_ids)):
            by_day.setdefault(effect.day, []).append(effect)
        start = min((c.seen for c in baseline.values() if c.seen is not None), default=None)
        todo = sorted({*by_day, *([start] if start is not None else [])})
        heapq.heapify(todo)
        days: list[int] = []
        changes: list[Mapping[int, Control]] = []
        while todo:
            day = heapq.heappop(todo)
            if days and days[-1] == day:
                continue
            changed = dict(baseline) if day == start else {}
            self._now |= changed
            changed |= self._day(day, by_day.get(day, []))
            for cell, control in changed.items():
                for claim in control.claims:
                    if claim.day == day:
                        self._waiting.setdefault(day + self._patience, set()).add(cell)
                        heapq.heappush(todo, day + self._patience)
            days.append(day)
            changes.append(changed)
        return Timeline(days=tuple(days), changes=tuple(changes))

    def _day(self, day: int, effects: list[Effect]) -> dict[int, Control]:
        """Apply one day: claims that have held, then what happened, then who came where somebody left."""
        changed: dict[int, Control] = {}
        groups = {cell: list(group) for cell, group in groupby(effects, key=lambda e: e.cell)}
        ripe = self._waiting.pop(day, set())
        left: list[tuple[int, Effect]] = []
        for cell in sorted({*groups, *ripe}):
            before = self._now.get(cell, UNKNOWN)
            after = self._ripen(before, day)
            after = self._events(after, groups.get(cell, []), left)
            if after != before:
                changed[cell] = after
            self._now[cell] = after
        self._takes += [(e.day, e.cell, e.actor) for e in effects if e.verb == "take"]
        for (cell, effect), taker in zip(left, self._takers(left, day), strict=True):
            changed[cell] = self._now[cell] = self._vacate(self._now[cell], effect, taker)
        return changed

    def _ripen(self, now: Control, day: int) -> Control:
        """Rule 4: a claim that nobody contradicted for some days is held, as claimed and inferred: silence is no observation."""
        for claim in now.claims:
            if claim.day + self._patience == day and not claim.contrary:
                effect = Effect(
                    cell=-1,
                    verb="take" if claim.whole else "contest",
                    actor=claim.actor,
                    target=None,
                    first=claim.first,
                    day=claim.day,
                    sure=True,
                    wide=False,
                    event_ids=claim.event_ids,
                    confidence=0.5,
                )
                held = self._take(now, effect) if claim.whole else self._contest(now, effect)
                return replace(
                    held,
                    status="claimed",
                    basis="inferred",
                    since_end=day,
                    claims=tuple(k for k in now.claims if self._camp(k.actor) != self._camp(claim.actor)),
                )
        return now

    def _events(self, now: Control, effects: list[Effect], left: list[tuple[int, Effect]]) -> Control:
        """Settle one cell on one day."""
        exact = [e for e in effects if not e.wide and not self._overruled(e, now)]
        speaks = any(e.sure and e.verb in ("take", "contest", "leave") for e in exact)
        wide = [e for e in effects if e.wide and not speaks and not self._overruled(e, now) and self._concerns(e, now)]
        used = [*exact, *wide]
        now = self._claims(now, used)
        sure = [e for e in used if e.sure]
        takes = [e for e in sure if e.verb == "take"]
        leaves = [e for e in sure if e.verb == "leave"]
        holder = self._camp(now.actor)
        left_by = {self._camp(e.actor) for e in leaves if not self._outnumbered(e, takes)}
        if holder in left_by and any(self._camp(t.actor) != holder for t in takes):
            takes = [t for t in takes if self._camp(t.actor) != holder]  # what left has not taken it as well
        if takes:
            now = self._takes_of_day(now, takes)
        for effect in (e for e in sure if e.verb == "contest"):
            if not takes or self._camp(effect.actor) not in {self._camp(t.actor) for t in takes} | {holder}:
                now = self._contest(now, effect)
        for effect in (e for e in sure if e.verb == "hold"):
            now = self._hold(now, effect)
        for effect in leaves:
            if takes and (holder in left_by or self._outnumbered(effect, takes)):
                continue  # the holder left, and the taker is known; or more sources say that the taker came than that it went
            now, vacant = self._leave(now, effect)
            if vacant:
                left.append((effect.cell, effect))
                break
        return now

    def _outnumbered(self, leave: Effect, takes: list[Effect]) -> bool:
        """Rule 13: a side that is said to have come and to have gone on one day."""
        come: frozenset[str] = frozenset()
        for take in takes:
            if self._camp(take.actor) == self._camp(leave.actor):
                come |= take.voices
        return len(come) > len(leave.voices)

    def _overruled(self, effect: Effect, now: Control) -> bool:
        """Rules 2, 10 and 11: something as new and more exact is known."""
        known = now.exact if effect.wide else now.seen
        if known is None or now.state == "unknown" or (effect.verb == "take" and self._camp(effect.actor) == self._camp(now.actor)):
            return False
        if known < effect.first or (now.basis == "baseline" and known == effect.first):
            return False
        return effect.wide or effect.width > now.width

    def _concerns(self, effect: Effect, now: Control) -> bool:
        """Rule 10: a province's event leaves the places of third sides and of friends alone."""
        if now.actor is None or now.actor == effect.actor:
            return True
        if effect.verb == "leave" or self._camp(now.actor) == self._camp(effect.actor):
            return False
        return effect.target is None or self._camp(now.actor) == self._camp(effect.target)

    def _takes_of_day(self, now: Control, takes: list[Effect]) -> Control:
        """Rule 3: one taker, or several of one day."""
        takes = self._believed(takes)
        camps = {self._camp(t.actor) for t in takes}
        best = min(takes, key=lambda e: (e.width, -len(e.voices), -e.confidence, e.actor, e.event_ids))
        now = self._take(now, best)
        for effect in takes:
            now = self._contest(now, effect) if len(camps) > 1 else self._renew(now, effect)
        return now

    def _believed(self, takes: list[Effect]) -> list[Effect]:
        """Keep the takers of the side that most sources name, if they are at least twice those of any other side."""
        voices: dict[str | None, frozenset[str]] = {}
        for effect in takes:
            camp = self._camp(effect.actor)
            voices[camp] = voices.get(camp, frozenset()) | effect.voices
        ranked = sorted(voices, key=lambda camp: -len(voices[camp]))
        if len(ranked) < 2 or len(voices[ranked[0]]) < 2 * len(voices[ranked[1]]):
            return takes
        return [t for t in takes if self._camp(t.actor) == ranked[0]]

    def _take(self, now: Control, effect: Effect) -> Control:
        """Rules 1 and 12."""
        if now.state == "held" and now.actor == effect.actor:
            return self._renew(now, effect)
        earlier = [k.first for k in now.claims if self._camp(k.actor) == self._camp(effect.actor) and k.first < effect.first]
        return Control(
            state="held",
            actor=effect.actor,
            status="confirmed",
            basis="observed",
            since=min([effect.first, *earlier]),
            since_end=effect.day,
            seen_first=effect.first,
            seen=effect.day,
            exact=None if effect.wide else effect.day,
            width=effect.width,
            confidence=_sureness(effect),
            event_ids=effect.event_ids,
            claims=self._outlived(now, effect),
        )

    def _renew(self, now: Control, effect: Effect) -> Control:
        """Rule 12: newer evidence of the same."""
        return replace(
            now,
            basis="observed",
            status="confirmed" if effect.sure else now.status,
            seen_first=effect.first if now.seen_first is None else min(now.seen_first, effect.first),
            seen=max(now.seen or 0, effect.day),
            exact=now.exact if effect.wide else max(now.exact or 0, effect.day),
            width=min(now.width, effect.width) if now.basis != "baseline" else effect.width,
            confidence=max(now.confidence, _sureness(effect)),
            event_ids=_joined(now.event_ids, effect.event_ids),
            claims=self._outlived(now, effect),
        )

    def _contest(self, now: Control, effect: Effect) -> Control:
        """Rules 3, 7 and 8."""
        present = now.actors if now.state == "contested" else ((now.actor,) if now.actor else ())
        if now.state != "contested" and now.actor is not None and self._camp(now.actor) == self._camp(effect.actor):
            return self._renew(now, effect)
        if not present and effect.target is not None:
            present = (effect.target,)
        camps = {self._camp(a) for a in present}
        actors = present if self._camp(effect.actor) in camps else (*present, effect.actor)
        if now.state == "contested":
            return replace(self._renew(now, effect), actors=actors)
        return Control(
            state="contested",
            actor=actors[0],
            actors=actors,
            status="confirmed",
            basis="observed",
            since=effect.first,
            since_end=effect.day,
            seen_first=effect.first,
            seen=effect.day,
            exact=effect.day,
            width=effect.width,
            confidence=_sureness(effect),
            event_ids=_joined(now.event_ids if now.basis == "observed" else (), effect.event_ids),
            claims=self._outlived(now, effect),
        )

    def _hold(self, now: Control, effect: Effect) -> Control:
        """Rules 6 and 7: a beaten-off attack shows that the defender is there."""
        if now.state == "unknown":
            return self._take(now, effect)
        present = {self._camp(a) for a in (now.actors or (now.actor,))}
        return self._renew(now, effect) if self._camp(effect.actor) in present else now

    def _leave(self, now: Control, effect: Effect) -> tuple[Control, bool]:
        """Rule 9: take the leaver out; tell whether nobody is left."""
        gone = self._camp(effect.actor)
        if now.state == "contested":
            stay = tuple(a for a in now.actors if self._camp(a) != gone)
            if len(stay) == len(now.actors) or not stay:
                return now, bool(not stay)
            if len({self._camp(a) for a in stay}) > 1:
                return replace(self._renew(now, effect), actors=stay, actor=stay[0]), False
            return self._take(
                replace(now, state="unknown"), replace(effect, actor=stay[0], event_ids=_joined(now.event_ids, effect.event_ids))
            ), False
        if now.state == "held" and self._camp(now.actor) == gone:
            claim = next((k for k in now.claims if k.whole and self._camp(k.actor) != gone), None)
            if claim is None:
                return now, True
            return self._take(now, replace(effect, actor=claim.actor, event_ids=_joined(claim.event_ids, effect.event_ids))), False
        return now, False

    def _vacate(self, now: Control, effect: Effect, taker: str | None) -> Control:
        if taker is None:
            return Control(
                seen_first=effect.first,
                seen=effect.day,
                exact=effect.day,
                width=effect.width,
                event_ids=effect.event_ids,
                claims=now.claims,
            )
        taken = self._take(now, replace(effect, actor=taker))
        return replace(taken, basis="inferred", status="claimed", confidence=LEFT_CONFIDENCE)

    def _takers(self, left: list[tuple[int, Effect]], day: int) -> list[str | None]:
        """Rule 9: name the nearest advancing side of each place that was left."""
        takers: list[str | None] = []
        recent = [(cell, actor) for when, cell, actor in self._takes if day - ADVANCE_DAYS <= when <= day]
        fixed = [(cell, c.actor) for cell, c in sorted(self._now.items()) if c.state == "held" and c.actor] if left else []
        for cell, effect in left:
            gone = self._camp(effect.actor)
            near = self._nearest(cell, [(c, a) for c, a in recent if self._camp(a) != gone], ADVANCE_KM * 1000)
            takers.append(near or self._nearest(cell, [(c, a) for c, a in fixed if self._camp(a) != gone], np.inf))
        return takers

    def _nearest(self, cell: int, holders: list[tuple[int, str]], within_m: float) -> str | None:
        if not holders:
            return None
        indices = np.array([c for c, _ in holders])
        distance, nearest = cKDTree(self._xy[indices]).query(self._xy[cell])
        return holders[int(nearest)][1] if distance <= within_m else None

    def _claims(self, now: Control, effects: list[Effect]) -> Control:
        """Rules 4 and 6: add the day's claims, and mark those that somebody contradicts."""
        claims = {self._camp(k.actor): k for k in now.claims}
        for e in (e for e in effects if not e.sure and e.verb in ("take", "contest")):
            camp = self._camp(e.actor)
            if now.state == "held" and camp == self._camp(now.actor):
                continue
            old = claims.get(camp)
            ids = _joined(old.event_ids if old else (), e.event_ids)
            claims[camp] = Claim(
                actor=e.actor,
                whole=e.verb == "take" or bool(old and old.whole),
                day=old.day if old and old.whole else e.day,
                first=min(e.first, old.first) if old else e.first,
                event_ids=ids,
                contrary=bool(old and old.contrary),
            )
        for camp, claim in list(claims.items()):
            against = [e for e in effects if self._contradicts(e, camp)]
            if any(e.verb == "deny" and e.day > claim.day for e in against):
                del claims[camp]
            elif against:
                claims[camp] = replace(claim, contrary=True)
        kept = tuple(claims[c] for c in sorted(claims, key=str))
        return now if kept == now.claims else replace(now, claims=kept)

    def _contradicts(self, effect: Effect, camp: str | None) -> bool:
        if effect.verb == "deny":
            return self._camp(effect.actor) == camp
        return effect.verb in ("take", "hold") and self._camp(effect.actor) != camp

    def _outlived(self, now: Control, effect: Effect) -> tuple[Claim, ...]:
        """Rule 6: end the claims of the day before and earlier, and the taker's own."""
        own = self._camp(effect.actor)
        return tuple(k for k in now.claims if self._camp(k.actor) != own and (not effect.sure or k.day >= effect.day))


def _sureness(effect: Effect) -> float:
    """Give the confidence of a confirmed event: never below a half, for somebody that counts has said it."""
    return round(0.5 + effect.confidence / 2, 4)


def _joined(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return (*old, *(i for i in new if i not in old))
