"""What stands around the map, as HTML that reads without scripts: heading, tables, legend, events, sources, fallback figure.

All text from data goes through ``_text``; names stand in ``<bdi>``, so that right-to-left ones keep their place.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape

from geo.publish.atlas import Atlas, Side, safe_link
from geo.publish.rows import Row
from geo.publish.svg import figure_svg, locator_svg
from geo.publish.symbols import ORDER, SYMBOLS

MOST_PLACES = 6
LEAST_SHARE = 0.05  # percent of the land: what would be printed as 0.0 gets no line


def header(atlas: Atlas, *, title: str, as_of: dt.date, nav: str) -> str:
    """Give the page's heading: kicker, title, what the data reach to, and the ways to other dates."""
    words = atlas.words
    published = [event["published"] for event in atlas.events if event["published"] <= as_of]
    parts = [words.fill("data_as_of", date=words.date(as_of))]
    if published:
        parts.append(words.fill("newest_report", date=words.date(max(published))))
    return (
        f'<a class="skip" href="#tables">{_text(words["skip"])}</a>'
        f'<header><p class="kicker">{_text(words["kicker"])}</p><h1>{_text(title)}</h1>'
        f'<p class="asof" id="asof">{" · ".join(map(_text, parts))}</p>{nav}</header>'
    )


def date_links(atlas: Atlas, date: dt.date) -> str:
    """Give the links to the dates before and after, and to the timeline."""
    words, dates = atlas.words, atlas.history.dates
    here = dates.index(date)
    before = _date_link(atlas, dates[here - 1], "prev", words["previous"]) if here else ""
    after = _date_link(atlas, dates[here + 1], "next", words["next"]) if here + 1 < len(dates) else ""
    return f'<nav aria-label="{_text(words["date_slider"])}">{before}<a href="index.html">{_text(words["timeline"])}</a>{after}</nav>'


def sides_table(atlas: Atlas, date: dt.date) -> str:
    """Give the table of who holds what, which is also the key to the colours."""
    words, balance = atlas.words, atlas.balances[date]
    rows = []
    for row in balance.sides:
        side = atlas.side(row.actor)
        figures = (row.area_km2, balance.share(row.area_km2))
        rows.append(_row(atlas, f"held a{side.number}", _name(side.name), figures, change=row.change_km2))
        parts = (("claimed", row.claimed_km2), ("inferred", row.inferred_km2))
        for key, km2 in parts:
            if balance.share(km2) >= LEAST_SHARE:
                rows.append(_row(atlas, f"{key} a{side.number}", _text(words[f"part_{key}"]), (km2, balance.share(km2)), css="part"))
    if balance.contested_km2:
        figures = (balance.contested_km2, balance.share(balance.contested_km2))
        rows.append(_row(atlas, _contest_class(atlas, date), _text(words["contested"]), figures))
    if balance.unknown_km2:
        figures = (balance.unknown_km2, balance.share(balance.unknown_km2))
        rows.append(_row(atlas, "blank", _text(words["unknown"]), figures))
    rows.append(_row(atlas, "", _text(words["total"]), (balance.total_km2, 100.0), css="total"))
    heads = "".join(f'<th scope="col">{_text(words[key])}</th>' for key in ("side", "area", "share", "change"))
    return (
        f'<section id="tables"><h2>{_text(words["who_holds"])}</h2><table class="sides"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></section>"
    )


def changes_table(atlas: Atlas, date: dt.date) -> str:
    """Give the table of what changed hands since the date before."""
    words, rows = atlas.words, atlas.changes[date]
    here = atlas.history.dates.index(date)
    since = f" <small>{_text(words.fill('since_date', date=words.date(atlas.history.dates[here - 1])))}</small>" if here else ""
    head = f'<section id="changes" data-title="{_text(words["what_changed"])}"><h2>{_text(words["what_changed"])}{since}</h2>'
    if not rows:
        return f'{head}<p class="none">{_text(words["no_changes" if here else "first_date"])}</p></section>'
    lines = [
        f'<tr><td><span class="who">{_swatch(_changed_class(atlas, row))}<span>{_holder(atlas, row["to_actor"], row["to_state"])}'
        f"<br><small>{_text(words['from'])}: {_holder(atlas, row['from_actor'], row['from_state'])}</small></span></span></td>"
        f'<td>{_places(atlas, row["places"])}</td><td class="n">{atlas.words.number(row["area_km2"])}'
        f"<br><small>± {atlas.words.number(row['error_km2'])}</small></td></tr>"
        for row in rows
    ]
    heads = f"<th scope=col>{_text(words['to'])}</th><th scope=col>{_text(words['places'])}</th><th scope=col>km²</th>"
    return f'{head}<table class="changes"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></section>'


def events_list(atlas: Atlas, numbers: Sequence[int]) -> str:
    """Give the date's events with their sentences; ``data-event`` is each one's place in the page's data."""
    words = atlas.words
    head = f'<section id="events"><h2>{_text(words["events"])}</h2>'
    if not numbers:
        return f'{head}<p class="none">{_text(words["no_events"])}</p></section>'
    items = "".join(_event_item(atlas, number, local) for local, number in enumerate(numbers))
    return f"{head}<ol>{items}</ol></section>"


def legend(atlas: Atlas, types: Iterable[str]) -> str:
    """Give the key: each class with its definition, each event type with its shape."""
    words = atlas.words
    first = f"a{atlas.sides[0].number}" if atlas.sides else ""
    contest = (("contested", "contested c0"),) if atlas.contests else ()
    classes = (
        ("held", f"held {first}"), ("inferred", f"inferred {first}"), ("claimed", f"claimed {first}"), *contest,
        ("unknown", "blank"), ("changed", f"changed {first}"), ("front", "front-key"), ("border", "border-key"),
    )  # fmt: skip
    areas = "".join(f"<dt>{_swatch(css)} {_text(words[key])}</dt><dd>{_text(words[f'{key}_means'])}</dd>" for key, css in classes)
    met = set(types)
    shapes = "".join(f"<li>{symbol(kind)} {_text(words[f'type_{kind}'])}</li>" for kind in ORDER if kind in met)
    return f'<details class="key" open><summary>{_text(words["key"])}</summary><dl>{areas}</dl><ul class="shapes">{shapes}</ul></details>'


def disagreements(atlas: Atlas, date: dt.date) -> str:
    """Give the places on which sources contradict each other, with what each says."""
    today = sorted(atlas.disagreements[date], key=lambda row: str(row["place"]))
    if not today:
        return ""
    items = "".join(f"<li>{_name(row['place'])}: {'; '.join(map(_text, row['says']))}</li>" for row in today)
    return f'<section><h2>{_text(atlas.words["disputed"])}</h2><ul class="plain">{items}</ul></section>'


def colophon(atlas: Atlas, until: dt.date) -> str:
    """Give sources, downloads, credit and the disclaimer."""
    words = atlas.words
    counts: dict[str, set[str]] = {}
    for event in atlas.events:
        if event["published"] <= until:
            counts.setdefault(event["source"], set()).add(event["report_id"])
    named = ", ".join(f"{_name(source)} ({len(counts[source])})" for source in sorted(counts, key=lambda s: (-len(counts[s]), s)))
    sources = f"<p>{_text(words['reports_by'])}: {named}.</p>" if named else ""
    files = " · ".join(f'<a href="{name}" download>{name}</a>' for name in ("areas.geojson", "events.geojson", "events.csv"))
    return (
        f"<footer><h2>{_text(words['sources'])}</h2>{sources}<p>{_text(words['download'])}: {files}</p>"
        f"<p>{_text(words['disclaimer'])}</p><p>{_text(words['credit'])}</p></footer>"
    )


def patterns(atlas: Atlas) -> str:
    """Give the hatches, stripes and shapes that the map and the key share, as one hidden SVG."""
    hatches = "".join(
        f'<pattern id="h{side.number}" class="a{side.number}" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect class="faint" width="7" height="7"/><rect class="stripe" width="3" height="7"/></pattern>'
        for side in atlas.sides
    )
    shapes = "".join(f'<path id="s-{kind}" fill-rule="evenodd" d="{path}"/>' for kind, path in SYMBOLS.items())
    return f'<svg class="defs" width="0" height="0" aria-hidden="true"><defs>{hatches}{_stripes(atlas)}{shapes}</defs></svg>'


def tones_css(atlas: Atlas) -> str:
    """Give the sides' tones as CSS variables, for light paper and for dark, and the fills of contested areas."""
    light = "".join(f".a{side.number}{{{_variables(side, dark=False)}}}" for side in atlas.sides)
    dark = "".join(f".a{side.number}{{{_variables(side, dark=True)}}}" for side in atlas.sides)
    hatches = "".join(f".claimed.a{side.number}{{fill:url(#h{side.number})}}" for side in atlas.sides)
    contests = "".join(f".contested.c{number}{{fill:url(#c{number})}}" for number in atlas.contests.values())
    return f"{light}{hatches}{contests}@media screen and (prefers-color-scheme:dark){{{dark}}}"


def fallback(atlas: Atlas, date: dt.date) -> str:
    """Give the figure for readers without scripts."""
    hidden = "<style>.folium-map,#locator,#dock{display:none!important}.stage{overflow:auto}</style>"
    return f"<noscript>{hidden}<p>{_text(atlas.words['noscript'])}</p>{figure_svg(atlas, date)}</noscript>"


def locator(atlas: Atlas) -> str:
    """Give the small map that shows where the theatre lies; the client draws the view into it."""
    return f'<div id="locator" aria-hidden="true">{locator_svg(atlas.base)}</div>'


def symbol(kind: str, css: str = "") -> str:
    """Give an event type's shape, by reference to the page's own definitions."""
    return f'<svg class="sym {css}" viewBox="0 0 16 16" aria-hidden="true"><use href="#s-{kind}"/></svg>'


def _event_item(atlas: Atlas, number: int, local: int) -> str:
    words, event = atlas.words, atlas.events[number]
    side = atlas.number(event["actor"])
    who = f" · {_name(atlas.sides[side].short)}" if side >= 0 else ""
    status = event.get("assessed") or event["status"]
    link = safe_link(event["url"])
    source = f'<a href="{escape(link)}" rel="noopener noreferrer">{_name(event["source"])}</a>' if link else _name(event["source"])
    said = f" — {words.fill('said_by', who=event['attribution'])}" if event["attribution"] else ""
    return (
        f'<li><button type="button" data-event="{local}">{symbol(event["type"], f"a{side}" if side >= 0 else "")}'
        f"<span>{_text(words['type_' + event['type']])} · <b>{_name(event['place'])}</b>{who}</span></button>"
        f'<blockquote dir="auto">{_text(event["evidence"])}</blockquote>'
        f'<p class="by">{source}{_text(said)} · {_text(words.fill("published", date=words.date_short(event["published"])))} · '
        f'<span class="st {_text(status)}">{_text(words[f"status_{status}"])}</span></p></li>'
    )


def _row(atlas: Atlas, swatch: str, name: str, figures: tuple[float, float], *, change: float | None = None, css: str = "") -> str:
    """Give a row of the sides' table; ``figures`` are km² and percent."""
    number = atlas.words.number
    moved = ""
    if change is not None and abs(change) >= 0.5:
        moved = f'<span class="{"up" if change > 0 else "down"}">{number(change, signed=True)}</span>'
    return (
        f'<tr class="{css}"><th scope="row"><span class="who">{_swatch(swatch) if swatch else ""}<span>{name}</span></span></th>'
        f'<td class="n">{number(figures[0])}</td><td class="n">{number(figures[1], digits=1)}%</td><td class="n">{moved}</td></tr>'
    )


def _swatch(css: str) -> str:
    if css == "front-key":
        return '<svg class="sw" aria-hidden="true" viewBox="0 0 22 14"><path class="front" d="M0 10L8 4L14 9L22 4"/></svg>'
    if css == "border-key":
        return '<svg class="sw" aria-hidden="true" viewBox="0 0 22 14"><path class="border" d="M0 7H22"/></svg>'
    return f'<svg class="sw" aria-hidden="true" viewBox="0 0 22 14"><rect class="area {css}" x=".5" y=".5" width="21" height="13"/></svg>'


def _contest_class(atlas: Atlas, date: dt.date) -> str:
    fought = [row for row in atlas.areas[date] if row["state"] == "contested"]
    return f"contested c{atlas.contests[tuple(max(fought, key=lambda row: row['area_km2'])['actors'])]}"


def _changed_class(atlas: Atlas, row: Row) -> str:
    number = atlas.number(row["to_actor"])
    return f"changed a{number}" if number >= 0 else "blank"


def _holder(atlas: Atlas, actor: object, state: object) -> str:
    number = atlas.number(actor)
    if number >= 0:
        return _name(atlas.sides[number].short)
    return _text(atlas.words["contested" if state == "contested" else "nobody"])


def _places(atlas: Atlas, names: Sequence[str]) -> str:
    shown = ", ".join(_name(name) for name in names[:MOST_PLACES])
    rest = len(names) - MOST_PLACES
    return f"{shown} {_text(atlas.words.fill('more', n=rest))}" if rest > 0 else shown


def _stripes(atlas: Atlas) -> str:
    made = []
    for actors, number in atlas.contests.items():
        sides = [atlas.number(actor) for actor in actors] or [-1, -1]
        width = 5 * len(sides)
        classes = [f"stripe a{side}" if side >= 0 else "nobody" for side in sides]
        bars = "".join(f'<rect class="{css}" x="{5 * k}" width="5" height="{width}"/>' for k, css in enumerate(classes))
        size = f'width="{width}" height="{width}" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"'
        made.append(f'<pattern id="c{number}" {size}>{bars}</pattern>')
    return "".join(made)


def _variables(side: Side, *, dark: bool) -> str:
    tones = side.dark if dark else side.light
    return f"--area:{tones.area};--faint:{tones.faint};--stripe:{tones.stripe};--strong:{tones.strong};--name:{tones.ink}"


def _date_link(atlas: Atlas, date: dt.date, rel: str, label: str) -> str:
    """Give the link to a date's page; what is seen is part of what is said."""
    before, after = ("← ", "") if rel == "prev" else ("", " →")
    arrows = [f'<span aria-hidden="true">{arrow}</span>' if arrow else "" for arrow in (before, after)]
    title = f"{label}: {atlas.words.date(date)}"
    return f'<a rel="{rel}" href="{date}.html" title="{_text(title)}">{arrows[0]}{_text(atlas.words.date_short(date))}{arrows[1]}</a>'


def _name(text: object) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: object) -> str:
    return escape(str(text))
