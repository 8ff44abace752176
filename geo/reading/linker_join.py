"""Two readings of one report made one: the network's events, and where it is silent what the rules are sure of.

Measured on the dev reports (`scripts/evaluate data/corpus/dev.jsonl --reader model`): the rules' events at a place of which
the network says nothing in that sentence add recall at no cost in precision; an incident that the network alone sees is
right too seldom, unless it is sure of it.
"""

from collections.abc import Sequence

from geo.reading.linker_calibrate import alike
from geo.records import CONTROL_TYPES, Event

SURE_RULE = 0.7  # the rules' own confidence from which they speak where the network is silent
SURE_INCIDENT = 0.55  # the network's confidence in a strike, clash, closure or repulse that no rule sees


def join_readings(network: Sequence[Event], rules: Sequence[Event]) -> list[Event]:
    """Give the network's events, then the rules' where the network says nothing of that place and year in the sentence."""
    kept = [event for event in network if event.type in CONTROL_TYPES or event.confidence >= SURE_INCIDENT or _seconded(event, rules)]
    # a foothold is what the network misses most, and the rules seldom make one up; of their withdrawals most are somebody else's
    sure = [event for event in rules if event.type == "contested" or (event.confidence >= SURE_RULE and event.type != "withdrawal")]
    return kept + [rule for rule in sure if not any(_same_spot(event, rule) and event.date.year == rule.date.year for event in kept)]


def _seconded(event: Event, rules: Sequence[Event]) -> bool:
    return any(_same_spot(event, rule) and alike(rule.type, event.type) for rule in rules)


def _same_spot(event: Event, rule: Event) -> bool:
    """Say whether two events speak of one place in one sentence; the readers cut sentences slightly otherwise."""
    return event.place_id == rule.place_id and event.start <= rule.start < event.end
