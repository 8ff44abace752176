"""Fill the frames of incidents: fights, attacks that failed, strikes, closures; and events told as nouns."""

from collections.abc import Callable, Mapping

from geo.reading.clauses import Candidate
from geo.reading.scene_actors import Scene
from geo.reading.scene_places import ANY_ROLES, OBJECT_ROLES


def fill_fight(scene: Scene) -> Candidate | None:
    """Fill something goes on in PLACE."""
    group = scene.any_group(ANY_ROLES)
    marks = group.marks if group else scene.anaphor_after() or scene.topic()
    if not marks:
        return None
    return scene.candidate(scene.clause.trigger.mention.trigger.type, marks[:1], scene.subject_actor(), group=group)


def fill_repel(scene: Scene) -> Candidate | None:
    """Fill ACTOR v an attack on PLACE."""
    attack = scene.attack_noun(scene.cues.attacks)
    group = scene.any_group(ANY_ROLES)
    marks = group.marks if group else scene.anaphor_after() or scene.anaphor_before() or scene.topic()
    if not marks or not (attack or (scene.verb in scene.words.driven_back and scene.actor_object() is not None)):
        return None
    if scene.passive():
        return scene.candidate("repelled", marks, scene.actor_after("by"), target=scene.attacker(), passive=True, group=group)
    return scene.candidate("repelled", marks, scene.subject_actor(), target=scene.attacker(), group=group)


def fill_fail(scene: Scene) -> Candidate | None:
    """Fill an attack on PLACE v."""
    verb = scene.verb
    tried = verb in ("try", "attempt", "fail") and scene.tokens.low[scene.clause.trigger.last - 1] not in ("failed", "fail", "fails")
    attack = scene.attack_noun(scene.cues.attacks)
    if not tried and not attack:
        return None
    if verb in ("try", "attempt") and not scene.failure_told():
        return None
    group = scene.any_group(ANY_ROLES)
    marks = group.marks if group else scene.anaphor_after() or scene.anaphor_before() or scene.topic()
    if not marks:
        return None
    attacker = scene.subject_actor() if tried else scene.attacker()
    return scene.candidate("repelled", marks, scene.actor_after("by"), target=attacker, passive=True, group=group)


def fill_strike(scene: Scene) -> Candidate | None:
    """Fill ACTOR v PLACE, with what flies or shells."""
    if scene.passive():
        marks, anaphoric = scene.subject_places()
        group = None
        if not marks or marks[0].role not in ("bare", "of"):
            group = scene.any_group(ANY_ROLES)
            marks = group.marks if group else marks
        return scene.candidate("strike", marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric, group=group) if marks else None
    group = scene.any_group(ANY_ROLES)
    marks = group.marks if group else scene.anaphor_after() or scene.topic()
    if not marks:
        return None
    verb = scene.verb
    marks = (*marks, *scene.other_targets(group))
    actor = scene.subject_actor_local() or scene.agent_before() or scene.subject_actor()
    if verb == "raid" and not scene.weapon():
        return None
    if verb in scene.words.needs_weapon and actor is None and not scene.weapon():
        return None
    return scene.candidate("strike", marks, actor, group=group)


def fill_strike_noun(scene: Scene) -> Candidate | None:
    """Fill a strike told as a noun."""
    group = scene.any_group(ANY_ROLES)
    marks = group.marks if group else scene.topic()
    if not marks or not scene.happening():
        return None
    return scene.candidate("strike", marks, scene.actor_beside(), group=group)


def fill_close(scene: Scene) -> Candidate | None:
    """Fill ROAD v, and ACTOR v ROAD."""
    low = scene.tokens.low
    closable = any(low[i] in scene.cues.closable for i in range(max(scene.sentence.first, scene.clause.begin - 3), scene.clause.end))
    if scene.passive() or scene.fragment():
        marks, _ = scene.subject_places()
        actor = scene.actor_after("by")
    else:
        group = scene.object_group(OBJECT_ROLES | {"to", "at", "from"})
        marks = group.marks if group else scene.relative_place() or scene.subject_places()[0]
        actor = scene.subject_actor()
    if not marks:
        return None
    if scene.roads_behind():
        led = (
            scene.groups_after()[-1].marks
            if scene.groups_after() and scene.groups_after()[-1].role == "near"
            else scene.anaphor_after("to", "into", "around")
        )
        marks = (*marks, *(m for m in led if m not in marks))
    good = tuple(m for m in marks if m.place.kind in ("road", "airport", "crossing", "base", "facility") or closable)
    return scene.candidate("closure", good, actor) if good else None


def fill_noun(scene: Scene) -> Candidate | None:
    """Fill the v of PLACE (by ACTOR), with a date."""
    trigger = scene.clause.trigger
    low = scene.tokens.low
    if trigger.first > scene.sentence.first and scene.tokens.capital(trigger.first):
        return None  # "the Liberation of Aleppo Operations Room": a name
    kind = scene.clause.trigger.mention.trigger.type
    if trigger.first > 0 and low[trigger.first - 1] == "whose":
        group = scene.group_before(trigger.first - 1)
    elif low[trigger.last - 1] in ("of", "from"):
        group = next((g for g in scene.sentence.groups if 0 <= g.first - trigger.last <= 5), None)
    else:
        group = next((g for g in scene.sentence.groups if g.role == "holder" and 0 <= trigger.first - g.last <= 3), None)
    if group is None or not scene.dated_near(trigger) or scene.words.things & set(low[trigger.last : group.first]):
        return None
    loss = "loss" in low[trigger.first : trigger.last]
    by = scene.actor_after("by", "to")
    owner = scene.actor_beside()
    if kind == "withdrawal":
        return scene.candidate("withdrawal", group.marks, by or owner)
    if loss:
        return scene.candidate("capture", group.marks, scene.actor_after("to"), target=owner, passive=True)
    return scene.candidate("capture", group.marks, by or owner, passive=by is None and owner is None)


INCIDENT_FILLERS: Mapping[str, Callable[[Scene], Candidate | None]] = {
    "fight": fill_fight,
    "repel": fill_repel,
    "fail": fill_fail,
    "strike": fill_strike,
    "strike_noun": fill_strike_noun,
    "close": fill_close,
    "noun": fill_noun,
}
