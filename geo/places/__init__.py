"""Names to places: the gazetteer, its index and imports, and the resolution of place names in text."""

from geo.places.gazetteer import Gazetteer
from geo.places.geocode import Candidate, geocode
from geo.places.toponyms import ToponymFinder

__all__ = ["Candidate", "Gazetteer", "ToponymFinder", "geocode"]
