"""Link events to dates: the clause's own, the sentence's, or the one told last."""

from geo.reading.clauses import Candidate
from geo.reading.marks import DateMark
from geo.reading.scene_actors import Scene


def assign_dates(scene: Scene, candidate: Candidate) -> None:
    """Give each place of a candidate its date: its own, the clause's, the sentence's, the one told last."""
    end = max(scene.clause.end, candidate.group.last if candidate.group else 0)
    own = _own_dates(scene, [d for d in scene.sentence.dates if scene.clause.begin <= d.first < end])
    marks = [m for m in candidate.marks if scene.clause.begin <= m.first < scene.sentence.last]
    if own and len(marks) > 1 and len(own) > 1:
        leading = own[0].first < marks[0].first
        for mark in marks:
            after = [d for d in own if d.first >= mark.last]
            ahead = [d for d in own if d.last <= mark.first]
            chosen = ahead[-1] if leading and ahead else after[0] if after else ahead[-1] if ahead else own[0]
            candidate.dates[mark.first] = chosen.mention
    if own:
        candidate.date = min(own, key=lambda d: (_date_distance(scene, d), d.first)).mention
        return
    same = [d for d in scene.sentence.dates if d.first < scene.clause.begin and not d.mention.backward]
    if same:
        joined = scene.before is not None and scene.before.sentence.sentence.start == scene.sentence.sentence.start
        candidate.date = scene.before.date if joined and scene.before is not None and scene.before.date is not None else same[-1].mention
        return
    sure = [d for d in scene.sentence.dates if d.first >= scene.clause.end and _is_sure(d)]
    if scene.told.line_date is not None:
        candidate.date = scene.told.line_date
    elif sure and scene.earlier is None and (len(scene.sentence.dates) == 1 or scene.told.date is None):
        candidate.date = sure[0].mention
    else:
        candidate.date = scene.told.date


def _is_sure(date: DateMark) -> bool:
    return date.mention.precision == "day" and date.mention.anchoring in ("absolute", "published")


def _own_dates(scene: Scene, dates: list[DateMark]) -> list[DateMark]:
    """Drop from a clause's dates those that are somebody's or something else's, as long as one is left."""
    low = scene.tokens.low
    trigger = scene.clause.trigger
    good = [
        d for d in dates if not (d.mention.backward and d.first >= trigger.last and low[d.last - 1] in ("after", "before", "afterwards"))
    ]
    restated = [
        d
        for d in good
        if not any(other.mention.anchoring == "absolute" and d.mention.chained and 0 <= other.first - d.last <= 2 for other in good)
    ]
    told = [d for d in restated if not scene.words.saying & set(low[max(scene.clause.begin, d.first - 3) : d.first])]
    timed = [
        d for d in told or restated if trigger.mention.trigger.frame == "hold" or "since" not in low[max(0, d.first - 2) : d.first + 1]
    ]
    return timed or told or restated


def _date_distance(scene: Scene, date: DateMark) -> int:
    """Prefer the date behind the verb, or one that opens the clause, to one that stands before the verb by chance; a time of day last."""
    trigger = scene.clause.trigger
    if date.first >= trigger.last:
        distance = date.first - trigger.last
    else:
        fronted = date.first - scene.clause.begin <= 3
        distance = min(trigger.first - date.last, 6) + 1 if fronted else trigger.first - date.last + 4
    return distance + (100 if date.mention.anchoring == "bare" else 0)
