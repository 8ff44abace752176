"""Who acts in a clause and on whom: subjects across relative clauses, agents behind "by" and "to", those who are driven out."""

from dataclasses import dataclass

from geo.reading.actors import ActorMention
from geo.reading.marks import ActorMark, TriggerMark
from geo.reading.scene_places import OBJECT_ROLES, PlaceScene


@dataclass(slots=True)
class Scene(PlaceScene):
    """A scene that knows its places and its actors."""

    def fragment(self) -> bool:
        """Give a participle without subject or object: "Overrun by rebels on Friday", "Zardana: captured"."""
        mention = self.clause.trigger.mention
        if mention.form not in ("part", "regular", "any"):
            return False
        following = self.tokens.low[self.clause.trigger.last : self.clause.trigger.last + 1]
        if self.object_group(OBJECT_ROLES) is not None or not (self.intransitive() or following == ["from"]):
            return False
        between = self.subject_actor_local()
        return between is None

    def gone_actor(self) -> ActorMark | None:
        """Give the actor right before "gone": "the garrison was gone by noon"."""
        trigger = self.clause.trigger
        if self.tokens.low[trigger.last - 1] != "gone":
            return None
        found = [
            m for m in self.sentence.actors if 0 <= trigger.first - m.last <= 3 and m.mention.kind != "holder" and not m.mention.possessive
        ]
        return (
            found[-1]
            if found and all(w in self.words.adverbs or w in self.words.be for w in self.tokens.low[found[-1].last : trigger.first])
            else None
        )

    def intransitive(self) -> bool:
        """Nothing follows the verb that could be its object: a stop, a date, "without a shot"."""
        at = self.clause.trigger.last
        word = self.tokens.low[at] if at < len(self.tokens) else "."
        return (
            not word.isalpha()
            or word in self.words.after_intransitive
            or any(d.first <= at + 1 < d.last or d.first == at for d in self.sentence.dates)
        )

    def intransitive_after(self, mark: ActorMark) -> bool:
        """Nothing but a stop or a date follows the one who is driven out."""
        word = self.tokens.low[mark.last] if mark.last < len(self.tokens) else "."
        dated = any(d.first <= mark.last + 1 < d.last for d in self.sentence.dates)
        return dated or not word.isalpha() or word in ("on", "at", "by", "again", "overnight", "without", "after", "there")

    def actors_between(self, first: int, last: int) -> list[ActorMark]:
        """Give the actors between two tokens."""
        return [mark for mark in self.sentence.actors if first <= mark.first and mark.last <= last]

    def subject_actor_local(self) -> ActorMark | None:
        """Give the subject among the words before the verb."""
        low, trigger = self.tokens.low, self.clause.trigger
        found = self.actors_between(self.clause.begin, trigger.first)
        good = [m for m in found if not m.mention.possessive and m.mention.kind != "holder" and not self._oblique(m)]
        relative = next((i for i in range(trigger.first - 1, self.clause.begin, -1) if low[i] in self.words.relatives), None)
        if relative is not None and not any(low[i] in (",", ";") for i in range(relative, trigger.first)):
            inner = [m for m in good if m.first > relative]
            if inner:
                return inner[-1]
            antecedents = [m for m in found if 0 <= relative - m.last <= 2 and m.mention.kind != "holder"]
            if antecedents and low[relative] in ("who", "which", "that"):
                return next((m for m in reversed(antecedents) if m.mention.kind != "pronoun"), antecedents[-1])
        good = [m for m in good if low[m.first] not in self.words.relatives or m.first == self.clause.begin]
        if not good:
            return None
        start = self._last_joint(trigger.first)
        near = [m for m in good if m.first >= start]
        if near:
            return near[0] if self.clause.begin == self.sentence.first else self._first_of_chain(near)
        return self._first_of_chain(good) if self.clause.begin != self.sentence.first else good[0]

    def _last_joint(self, last: int) -> int:
        """Give the token after the last mark that opens a clause before ``last``, verb or no verb."""
        low = self.tokens.low
        if low[self.clause.begin] in self.words.openers:
            comma = next((i for i in range(self.clause.begin, last) if low[i] == ","), None)
            if comma is not None:
                return comma
        for index in range(last - 1, self.clause.begin, -1):
            if low[index] in (";", ":", "while", "—") or (low[index] in ("and", "but") and low[index - 1] == ","):
                return index
        return self.clause.begin

    def _first_of_chain(self, marks: list[ActorMark]) -> ActorMark:
        """Of "Yemeni soldiers and Emirati special forces" the first: joint forces count as the first named."""
        chosen = marks[-1]
        for mark in reversed(marks[:-1]):
            between = self.tokens.low[mark.last : chosen.first]
            if len(between) > 3 or not {"and", "&", "+", ",", "/"} & set(between):
                break
            chosen = mark
        return chosen

    def _oblique(self, mark: ActorMark) -> bool:
        """Behind a preposition, or joined to one that is: "supported by Russia and Iran"."""
        low = self.tokens.low
        if mark.first == 0:
            return False
        if low[mark.first - 1] in self.words.oblique:
            return True
        if low[mark.first - 1] == "and":
            before = [m for m in self.sentence.actors if m.last == mark.first - 1]
            return bool(before) and self._oblique(before[0])
        return False

    def subject_actor(self) -> ActorMark | None:  # noqa: PLR0911 - a list of places to look, the likeliest first
        """Give the subject: in the clause, before a relative clause, or that of the clause before."""
        local = self.subject_actor_local()
        if local is None and self.clause.trigger.mention.form == "ing" and self.clause.trigger.first - self.clause.begin <= 2:
            behind = self._subject_behind()
            if behind is not None:
                return behind
        if local is not None:
            if local.mention.text.lower() in ("who", "which") and (antecedent := self._actor_before(local.first)):
                return antecedent
            return local
        if self.tokens.low[self.clause.begin] in ("who", "which", "that") and (antecedent := self._actor_before(self.clause.begin)):
            return antecedent
        if self.before is not None and self.before.sentence.sentence.start == self.sentence.sentence.start:
            begin = self.before.begin
            if (
                self.tokens.low[begin] in ("who", "which", "whose", "whom")
                and begin > self.sentence.first
                and self.clause.joint in (",", "")
            ):
                outer = [m for m in self.actors_between(self.sentence.first, begin) if m.mention.kind != "holder"]
                if outer:
                    return outer[0] if len(outer) == 1 else self._subject_of(outer)
            if not self.before.passive and self.before.actor is not None:
                return self.before.actor
        beside = [
            m
            for m in self.actors_between(self.sentence.first, self.clause.trigger.first)
            if not m.mention.possessive and m.mention.kind != "holder"
        ]
        if self.earlier is not None and beside:
            return beside[-1]
        return None

    def _subject_behind(self) -> ActorMark | None:
        """Give the subject of the main clause behind a participle: "since taking Kherson, the army has shelled the other bank"."""
        low = self.tokens.low
        comma = next((i for i in range(self.clause.trigger.last, self.sentence.last) if low[i] == ","), None)
        return next(
            (m for m in self.sentence.actors if comma is not None and 0 <= m.first - comma <= 4 and m.mention.kind != "holder"), None
        )

    def _subject_of(self, marks: list[ActorMark]) -> ActorMark:
        low = self.tokens.low
        return next(
            (m for m in marks if not m.mention.possessive and (m.first == 0 or low[m.first - 1] not in self.words.oblique)), marks[-1]
        )

    def _actor_before(self, index: int) -> ActorMark | None:
        found = [m for m in self.sentence.actors if m.last <= index and index - m.last <= 12 and m.mention.kind != "holder"]
        return found[-1] if found else None

    def actor_after(self, *prepositions: str) -> ActorMark | None:
        """Give the actor behind the verb that one of these prepositions leads in."""
        low = self.tokens.low
        for mark in self.actors_between(self.clause.trigger.last - 1, self.clause.end):
            if mark.mention.kind == "holder":
                continue
            for back in range(1, 6):
                at = mark.first - back
                if at < self.clause.trigger.last - 1:
                    break
                if low[at] in prepositions:
                    return mark
                if low[at] in (",", ";", "and", "on", "in"):
                    break
        return None

    def agent_before(self) -> ActorMark | None:
        """Give the actor that "by" leads in before the verb: "air strikes by the army hit the town"."""
        low = self.tokens.low
        found = (m for m in self.actors_between(self.clause.begin, self.clause.trigger.first) if m.mention.kind != "holder")
        return next((m for m in found if "by" in low[max(self.clause.begin, m.first - 2) : m.first]), None)

    def actor_right_after(self) -> ActorMark | None:
        """Give the actor right behind the trigger, or inside it."""
        for mark in self.sentence.actors:
            if 0 <= mark.first - self.clause.trigger.last <= 2:
                return mark
        for mark in self.sentence.actors:
            if self.clause.trigger.first < mark.first < self.clause.trigger.last:
                return mark
        return None

    def pronoun_at(self, trigger: TriggerMark) -> ActorMark | None:
        """Give the pronoun that a trigger ends with ("was theirs")."""
        word = self.tokens.low[trigger.last - 1]
        start, end = self.tokens.starts[trigger.last - 1], self.tokens.ends[trigger.last - 1]
        role = "self" if word == "ours" else "they"
        mention = ActorMention(start=start, end=end, text=word, actor=None, kind="pronoun", role=role)
        return ActorMark(trigger.last - 1, trigger.last, mention)

    def actor_object(self) -> ActorMark | None:
        """Give the first actor behind the verb that no preposition leads in: who is driven out."""
        low = self.tokens.low
        for mark in self.actors_between(self.clause.trigger.last, self.clause.end):
            if low[mark.first - 1] not in ("by", "from", "to", "with", "of") and mark.first - self.clause.trigger.last <= 8:
                return mark
        return None

    def actor_beside(self) -> ActorMark | None:
        """Give the actor beside a noun: behind "by", else the last before it."""
        found = [m for m in self.actors_between(self.clause.begin, self.clause.end) if m.mention.kind != "holder"]
        before = [m for m in found if m.last <= self.clause.trigger.first]
        after = self.actor_after("by")
        return after or (before[-1] if before else None)

    def attacker(self) -> ActorMark | None:
        """Give whose attack it was: before the noun, behind "by", before the verb, or the one driven back."""
        low, trigger = self.tokens.low, self.clause.trigger
        for mark in self.actors_between(self.clause.begin, self.clause.end):
            following = low[mark.last : mark.last + 3]
            led_in = mark.last <= trigger.first and "by" in low[max(self.clause.begin, mark.first - 2) : mark.first]
            if mark.mention.possessive or led_in or any(word in self.cues.attacks for word in following):
                return mark
        if trigger.mention.trigger.frame == "fail":
            ahead = self.actors_between(self.clause.begin, trigger.first)
            return ahead[0] if ahead else None
        return self.actor_object()
