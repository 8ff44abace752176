"""Event symbols: one shape for each type, told apart without colour; SVG paths in a box of 16 by 16, fill rule even-odd."""

SYMBOLS: dict[str, str] = {
    "capture": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",  # a full disc
    "transfer": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 4a4 4 0 1 1 0 8a4 4 0 1 1 0-8zM8 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4z",  # disc in a ring
    "withdrawal": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 4.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2z",  # a ring: it is empty now
    "contested": "M8 1l7 7l-7 7l-7-7zM8 3.7v8.6l4.3-4.3z",  # a diamond, half full
    "repelled": "M2.5 2.5h11v5.2c0 3-2.2 5.2-5.5 6.8c-3.3-1.6-5.5-3.8-5.5-6.8z"  # a shield
    "M4.6 4.6h6.8v3.1c0 1.9-1.3 3.4-3.4 4.5c-2.1-1.1-3.4-2.6-3.4-4.5z",
    "strike": "M8 .5l1.7 4l4-1.8l-1.7 4l3.9 1.3l-3.9 1.3l1.7 4l-4-1.8l-1.7 4l-1.7-4l-4 1.8l1.7-4l-3.9-1.3l3.9-1.3l-1.7-4l4 1.8z",  # a burst
    "clash": "M3.2 1.6l4.8 4.8l4.8-4.8l1.6 1.6l-4.8 4.8l4.8 4.8l-1.6 1.6l-4.8-4.8l-4.8 4.8l-1.6-1.6l4.8-4.8l-4.8-4.8z",  # crossed
    "closure": "M2 2h12v12h-12zM4 6.7h8v2.6h-8z",  # no entry
}
ORDER = ("capture", "transfer", "withdrawal", "contested", "repelled", "strike", "clash", "closure")
