"""Events to who holds what: ledger, control state of each place, areas, fronts, changes."""
