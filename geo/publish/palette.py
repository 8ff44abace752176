"""The tones in which a side is drawn, mixed from its one colour, for light and for dark paper."""

from dataclasses import dataclass

PAPER = "#ffffff"
NIGHT = "#20242a"
INK = "#14181d"
UNNAMED = "#8a8f98"  # a side that the theatre does not list


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """``area`` held, ``faint`` inferred, ``stripe`` of hatches, ``strong`` of changes and events, ``ink`` of names."""

    area: str
    faint: str
    stripe: str
    strong: str
    ink: str


def light_tones(colour: str) -> Tones:
    """Mix the tones for white paper.

    Examples
    --------
    >>> light_tones("#c1443c").area
    '#e4afab'
    """
    return Tones(
        area=mix(colour, PAPER, 0.43), faint=mix(colour, PAPER, 0.24), stripe=mix(colour, PAPER, 0.72),
        strong=mix(colour, INK, 0.92), ink=mix(colour, INK, 0.55),
    )  # fmt: skip


def dark_tones(colour: str) -> Tones:
    """Mix the tones for a dark page."""
    return Tones(
        area=mix(colour, NIGHT, 0.50), faint=mix(colour, NIGHT, 0.28), stripe=mix(colour, NIGHT, 0.80),
        strong=mix(colour, PAPER, 0.85), ink=mix(colour, PAPER, 0.45),
    )  # fmt: skip


def mix(colour: str, other: str, share: float) -> str:
    """Mix two ``#rrggbb`` colours; ``share`` is the first one's part.

    Examples
    --------
    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def contrast(colour: str, other: str) -> float:
    """Give the WCAG contrast ratio of two colours, 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    high, low = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return round((high + 0.05) / (low + 0.05), 2)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
