"""Fill the frames of control: who takes, loses, leaves, hands over, enters or holds a place."""

from collections.abc import Callable, Mapping

from geo.reading.clauses import Candidate
from geo.reading.marks import ActorMark, PlaceGroup, PlaceMark
from geo.reading.scene_actors import Scene
from geo.reading.scene_places import LEAVE_ROLES, MOVE_ROLES, OBJECT_ROLES
from geo.records import EventType


def fill_gain(scene: Scene) -> Candidate | None:
    """Fill ACTOR v PLACE, and PLACE was v-ed by ACTOR."""
    if scene.passive():
        return _gain_passive(scene)
    actor = scene.subject_actor()
    if scene.verb in scene.words.ridding:
        ridden = next((g for g in scene.groups_after() if g.role == "of"), None)
        if ridden is not None:
            return scene.candidate("capture", ridden.marks, actor, group=ridden, target=scene.actor_object())
    moving = scene.clause.trigger.mention.trigger.name == "march-in"
    group = scene.object_group(MOVE_ROLES if moving else OBJECT_ROLES)
    if group is None:
        return _gain_without_object(scene, actor, moving=moving)
    if scene.person_object(group):
        return None
    return scene.candidate("capture", group.marks, actor, group=group, target=scene.actor_after("from"))


def _gain_passive(scene: Scene) -> Candidate | None:
    marks, anaphoric = scene.subject_places()
    agent = scene.actor_after("by")
    by = "by" in scene.tokens.low[scene.clause.trigger.last : scene.clause.trigger.last + 4]
    weak = scene.clause.trigger.mention.trigger.strength == "weak"
    if not marks or (agent is None and (scene.person_subject() or (by and weak))):
        return None  # "two tanks were captured", "was taken by surprise"
    victim = scene.actor_after("of", "from") if scene.verb in scene.words.ridding | scene.words.taken_back else None
    return scene.candidate("capture", marks, agent, target=victim, passive=True, anaphoric=anaphoric)


def _gain_without_object(scene: Scene, actor: ActorMark | None, *, moving: bool) -> Candidate | None:
    """Find the place elsewhere: before the subject, in what the line is about, behind a word that points back."""
    fronted = scene.relative_place() or scene.fronted_object(actor)
    if fronted:
        return scene.candidate("capture", fronted, actor)
    if moving and actor is not None and scene.tokens.low[scene.clause.trigger.last - 1] in ("in", "flag", "flags", "banner", "tricolour"):
        marks = scene.topic() or scene.told_places()
        if marks:
            return scene.candidate("capture", marks, actor, anaphoric=True)
    marks = scene.anaphor_after()
    if marks:
        return scene.candidate("capture", marks, actor, anaphoric=True, target=scene.actor_after("from"))
    marks, anaphoric = scene.subject_places() if scene.fragment() else ((), False)
    return scene.candidate("capture", marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric) if marks else None


def fill_fall(scene: Scene) -> Candidate | None:
    """Fill PLACE v (to ACTOR)."""
    marks, anaphoric = scene.subject_places()
    if not marks or scene.person_subject():
        return None
    if scene.verb in ("surrender", "capitulate") and not scene.intransitive():
        return None  # "surrendered a two-goal lead"
    gainer = scene.actor_after("to", "of", "under", "hands")
    loser = scene.actor_after("from") if gainer is None else None
    return scene.candidate("capture", marks, gainer, target=loser, passive=True, anaphoric=anaphoric)


def fill_fall_light(scene: Scene) -> Candidate | None:
    """Fill PLACE went (to ACTOR); and ACTOR is gone from PLACE."""
    gone = scene.gone_actor()
    if (
        gone is None
        and scene.tokens.low[scene.clause.trigger.last - 1] == "gone"
        and not scene.groups_before()
        and scene.before is not None
    ):
        return scene.candidate("withdrawal", scene.before.marks, scene.before.actor, anaphoric=True)
    if gone is not None:
        group = scene.object_group(LEAVE_ROLES)
        marks = group.marks if group else scene.topic() or scene.told_places()
        return scene.candidate("withdrawal", marks, gone, group=group) if marks else None
    return fill_fall(scene)


def fill_fall_to(scene: Scene) -> Candidate | None:
    """Fill PLACE back to ACTOR."""
    marks, anaphoric = scene.subject_places()
    gainer = scene.actor_right_after()
    return scene.candidate("capture", marks, gainer, passive=True, anaphoric=anaphoric) if marks and gainer else None


def fill_lose(scene: Scene) -> Candidate | None:
    """Fill LOSER v PLACE (to ACTOR), and PLACE was v-ed (to ACTOR)."""
    if scene.passive() or scene.fragment():
        marks, anaphoric = scene.subject_places()
        if not marks or scene.person_subject():
            return None
        return scene.candidate("capture", marks, scene.actor_after("to"), target=scene.actor_after("by"), passive=True, anaphoric=anaphoric)
    group = scene.object_group(OBJECT_ROLES)
    marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
    if not marks:
        return None
    return scene.candidate("capture", marks, scene.actor_after("to"), target=scene.subject_actor(), group=group, anaphoric=group is None)


def fill_expel(scene: Scene) -> Candidate | None:
    """Fill ACTOR v LOSER from PLACE."""
    group = scene.object_group(frozenset(["from", "of", "off"]))
    if scene.passive():
        source = group.marks if group else scene.relative_place() or scene.anaphor_after("from", "of")
        if not source:
            return None
        return scene.candidate("capture", source, scene.actor_after("by"), target=scene.subject_actor(), passive=True, group=group)
    victim = scene.actor_object()
    if victim is None:
        return fill_gain(scene) if scene.verb in ("clear", "cleanse", "purge", "rid") else None
    if scene.verb in ("clear", "rid", "cleanse", "purge"):
        return None
    source = group.marks if group else scene.relative_place() or scene.anaphor_after("from", "of")
    actor = scene.subject_actor()
    if not source and actor is not None and scene.verb in scene.words.evicting and scene.intransitive_after(victim):
        source = scene.topic() or scene.told_places()
    if not source:
        return None
    return scene.candidate("capture", source, actor, target=victim, group=group)


def fill_leave(scene: Scene) -> Candidate | None:
    """Fill LOSER v PLACE; with "to ACTOR" it is a capture."""
    if scene.passive() and scene.verb in scene.words.left_behind:
        marks, anaphoric = scene.subject_places()
        loser, gainer = scene.actor_after("by"), scene.actor_after("to")
        return _left(scene, marks, loser, gainer, passive=True, anaphoric=anaphoric)
    if scene.passive() and scene.verb == "drive":
        return fill_expel(scene)
    if scene.after_raid() or (scene.passive() and scene.verb != "be"):
        return None
    group = scene.object_group(LEAVE_ROLES)
    loser = scene.subject_actor()
    marks = group.marks if group else scene.relative_place() or scene.fronted_object(loser) or scene.anaphor_after() or scene.topic()
    if not marks and loser is not None and scene.intransitive():
        marks = scene.told_places()
    if loser is None and not scene.told.topic:
        return None
    gainer = scene.actor_after("to") if scene.verb in scene.words.ceding else None
    return _left(scene, marks, loser, gainer, group=group, anaphoric=group is None)


def _left(
    scene: Scene,
    marks: tuple[PlaceMark, ...],
    loser: ActorMark | None,
    gainer: ActorMark | None,
    *,
    group: PlaceGroup | None = None,
    passive: bool = False,
    anaphoric: bool = False,
) -> Candidate | None:
    if not marks:
        return None
    if gainer is not None:
        return scene.candidate("capture", marks, gainer, target=loser, group=group, passive=passive, anaphoric=anaphoric)
    return scene.candidate("withdrawal", marks, loser, group=group, passive=passive, anaphoric=anaphoric)


def fill_yield(scene: Scene) -> Candidate | None:
    """Fill LOSER v PLACE to ACTOR."""
    gainer = scene.actor_after("to")
    if scene.passive() or scene.fragment():
        marks, anaphoric = scene.subject_places()
        return (
            scene.candidate("transfer", marks, gainer, target=scene.actor_after("by"), passive=True, anaphoric=anaphoric) if marks else None
        )
    group = scene.object_group(OBJECT_ROLES | {"at"})
    if group is not None and (scene.person_object(group) or scene.counts_things(group)):
        return None
    marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
    if not marks:
        return None
    return scene.candidate("transfer", marks, gainer, target=scene.subject_actor(), group=group, anaphoric=group is None)


def fill_enter(scene: Scene) -> Candidate | None:
    """Fill ACTOR v PLACE: contested, or a capture where nobody resisted."""
    kind: EventType = "capture" if scene.unopposed(scene.cues.unopposed) else "contested"
    if scene.passive():
        marks, anaphoric = scene.subject_places()
        return scene.candidate(kind, marks, scene.actor_after("by"), passive=True, anaphoric=anaphoric) if marks else None
    group = scene.object_group(MOVE_ROLES)
    marks = group.marks if group else scene.relative_place() or scene.anaphor_after()
    actor = scene.subject_actor()
    # a convoy and a delegation enter too: without somebody who fights there is no event
    return scene.candidate(kind, marks, actor, group=group, anaphoric=group is None) if marks and actor is not None else None


def fill_hold(scene: Scene) -> Candidate | None:
    """Give a state with an onset: "in rebel hands since Friday"."""
    since = scene.since()
    if since is None:
        return None
    low = scene.tokens.low
    trigger = scene.clause.trigger
    possessive = low[trigger.last - 1] in ("ours", "theirs", "his", "its")
    group = scene.object_group(OBJECT_ROLES)
    pointed = scene.anaphor_after() if group is None else group.marks
    in_control = low[trigger.last - 1] in ("of", "over") and bool(pointed) and scene.subject_actor_local() is not None
    if in_control or (scene.verb in scene.words.holding and low[trigger.last - 1] != "by"):
        marks = group.marks if group else scene.anaphor_after()
        holder = scene.subject_actor()
        if scene.verb == "have" and not in_control and (group is None or not set(low[trigger.last : group.first]) <= scene.words.all_of):
            return None
        return scene.candidate("capture", marks, holder, group=group) if marks and holder else None
    marks, anaphoric = scene.subject_places()
    if not marks:
        return None
    holder = scene.pronoun_at(trigger) if possessive else scene.actor_right_after()
    return scene.candidate("capture", marks, holder, passive=True, anaphoric=anaphoric) if holder else None


CONTROL_FILLERS: Mapping[str, Callable[[Scene], Candidate | None]] = {
    "gain": fill_gain,
    "fall": fill_fall,
    "fall_light": fill_fall_light,
    "fall_to": fill_fall_to,
    "lose": fill_lose,
    "expel": fill_expel,
    "leave": fill_leave,
    "yield": fill_yield,
    "enter": fill_enter,
    "hold": fill_hold,
}
