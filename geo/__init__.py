"""Reports of an armed conflict in, dated control maps out, every polygon traced to its sentence."""

__version__ = "0.1.0"
