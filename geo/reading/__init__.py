"""Reports to events: sentences, mentions of actors and dates, candidates, and the readers that link them."""
