"""Names to places: the gazetteer, its index and imports, and the resolution of place names in text."""
