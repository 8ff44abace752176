"""Events to who holds what: ledger, control state of each place, areas, fronts, changes."""

from geo.control.history import areas_on, build_history, control_on
from geo.control.ledger import build_ledger

__all__ = ["areas_on", "build_history", "build_ledger", "control_on"]
