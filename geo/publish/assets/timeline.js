"use strict";
// All dates in one page: the slider, the chart behind it, and the map and panel of the date that is chosen.
controlmap.start = function (leafletMap) {
  const cm = controlmap, data = cm.data, days = data.days, W = cm.W;
  const hash = cm.prepare(leafletMap);
  const START = cm.dayNumber(days[0].date);
  const STATES = ["held", "contested", "unknown"];
  for (const day of days) {
    const figures = cm.numbers(day.figures), flat = cm.numbers(day.changes);
    day.rest = figures.slice(0, 3);
    day.sides = [];
    for (let i = 3; i < figures.length; i += 5) day.sides.push(figures.slice(i, i + 5));
    day.changes = [];
    for (let i = 0; i < flat.length; ) {
      const [to, toSide, from, fromSide, km2, error, more, count] = flat.slice(i, i + 8), sides = (n, state) => (n < 0 || state === 1 ? [] : [n]);
      day.changes.push([STATES[to], sides(toSide, to), STATES[from], sides(fromSide, from), km2, error, flat.slice(i + 8, i + 8 + count), more]);
      i += 8 + count;
    }
  }
  const by = (id) => document.getElementById(id);
  const facing = new Set(data.facing.map(([a, b]) => a + ":" + b));

  // what each region is on each date, and the record of each place with a name
  const marks = cm.reel(data.regions, mesh.cells), states = cm.reel(data.states, cm.places.length);
  const labels = cm.labelled, holder = labels.map((l) => l.state + ":" + l.sides.join());

  // --- drawing a date -------------------------------------------------------------------------
  const cache = new Map();
  function drawn(day) {
    if (cache.has(day)) return cache.get(day);
    const label = marks[day].map((m) => data.marks[m][0]), claim = marks[day].map((m) => data.marks[m][1]);
    const fronts = [], differ = [], claims = [], lines = [];
    for (let e = 0; e < mesh.edges; e++) {
      if (mesh.two[e] < 0) continue;
      const a = mesh.one[e], b = mesh.two[e], la = label[a], lb = label[b];
      if (la !== lb) {
        if (labels[la].camp !== labels[lb].camp) fronts.push(e); else differ.push(e);
        if (facing.has(Math.min(la, lb) + ":" + Math.max(la, lb))) lines.push(e);
      } else if (claim[a] !== claim[b]) claims.push(e);
    }
    const made = { label, claim, lines, at: mesh.smooth([fronts, differ, claims], day) };
    if (cache.size > 8) cache.delete(cache.keys().next().value);
    cache.set(day, made);
    return made;
  }
  const layers = new Map();
  let kept = new Set();
  function put(pane, css, rings, line) {
    if (!rings.length) return;
    const key = pane + "|" + css;
    kept.add(key);
    const known = layers.get(key);
    if (!known) layers.set(key, { rings, path: cm.layer(pane, rings, css, line) });
    else if (!alike(known.rings, rings)) { known.rings = rings; known.path.setLatLngs(rings); }
  }
  const alike = (one, two) => one.length === two.length && one.every((ring, n) => ring.length === two[n].length &&
    ring.every((at, k) => at[0] === two[n][k][0] && at[1] === two[n][k][1]));
  function geometry(day) {
    const now = drawn(day), classes = [...new Set(labels.map((l) => l.css))].filter(Boolean);
    const group = now.label.map((l) => classes.indexOf(labels[l].css));
    const areas = mesh.outlines(group, classes.length, now.at).map((rings, n) => ["area " + classes[n], rings]);
    const claims = mesh.outlines(now.claim, data.sides.length, now.at).map((rings, n) => ["area claimed a" + n, rings]);
    const changes = day ? changed(day) : [];
    return { areas, claims, changes, fronts: mesh.chain(now.lines, now.at[0], now.at[1], true) };
  }
  function changed(day) {
    const now = drawn(day), before = drawn(day - 1), names = [], found = new Map();
    const group = now.label.map((l, cell) => {
      const was = holder[before.label[cell]], is = holder[l];
      if (was === is) return -1;
      const css = labels[l].state === "held" ? "changed a" + labels[l].sides[0] : "changed nobody";
      if (!found.has(css)) { found.set(css, names.length); names.push(css); }
      return found.get(css);
    });
    return mesh.outlines(group, names.length, now.at).map((rings, n) => [names[n], rings]);
  }
  function drawMap(day) {
    kept = new Set();
    const made = geometry(day);
    for (const [css, rings] of made.areas) put("areas", css, rings);
    for (const [css, rings] of made.claims) put("claimed", css, rings);
    for (const [css, rings] of made.changes) put("changes", css, rings);
    cm.drawFronts(made.fronts, put);
    for (const [key, layer] of layers) if (!kept.has(key)) { layer.path.remove(); layers.delete(key); }
  }

  // --- the panel ------------------------------------------------------------------------------
  const cell = (text, css = "n") => cm.el("td", css, text);
  function swatch(css) {
    const node = cm.svg("svg", { class: "sw", viewBox: "0 0 22 14", "aria-hidden": "true" });
    node.append(cm.svg("rect", { class: "area " + css, x: .5, y: .5, width: 21, height: 13 }));
    return node;
  }
  function who(css, ...parts) {
    const node = cm.el("span", "who"), text = cm.el("span");
    text.append(...parts);
    if (css) node.append(swatch(css));
    node.append(text);
    return node;
  }
  function row(css, swatchCss, name, km2, total, change) {
    const node = cm.el("tr", css), head = cm.el("th");
    head.scope = "row";
    head.append(who(swatchCss, name));
    const moved = cell("");
    if (change) moved.append(cm.el("span", change > 0 ? "up" : "down", cm.number(change, true)));
    node.append(head, cell(cm.number(km2)), cell(total ? (Math.round((1000 * km2) / total) / 10).toFixed(1).replace(".", W.decimal) + "%" : ""), moved);
    return node;
  }
  function sidesPanel(day) {
    const { sides, rest } = days[day], rows = [];
    for (const [side, km2, claimed, inferred, change] of sides) {
      rows.push(row("", "held a" + side, cm.bdi(data.sides[side][0]), km2, rest[2], change));
      if (claimed >= rest[2] * 5e-4) rows.push(row("part", "claimed a" + side, W.part_claimed, claimed, rest[2]));
      if (inferred >= rest[2] * 5e-4) rows.push(row("part", "inferred a" + side, W.part_inferred, inferred, rest[2]));
    }
    const fought = labels.find((l, n) => l.state === "contested" && drawn(day).label.includes(n));
    if (rest[0]) rows.push(row("", fought ? fought.css : "blank", W.contested, rest[0], rest[2]));
    if (rest[1]) rows.push(row("", "blank", W.unknown, rest[1], rest[2]));
    rows.push(row("total", "", W.total, rest[2], rest[2]));
    document.querySelector("#tables tbody").replaceChildren(...rows);
  }
  const shortName = (state, sides) => (sides.length ? cm.bdi(data.sides[sides[0]][1]) : state === "contested" ? W.contested : W.nobody);
  function changesPanel(day) {
    const section = by("changes"), title = cm.el("h2", "", section.dataset.title), small = cm.el("small", "", day ? " " + cm.fill("since_date", { date: days[day - 1].name }) : "");
    title.append(small);
    if (!days[day].changes.length) { section.replaceChildren(title, cm.el("p", "none", day ? W.no_changes : W.first_date)); return; }
    const table = cm.el("table", "changes"), head = cm.el("tr"), body = cm.el("tbody"), top = cm.el("thead");
    for (const key of ["to", "places"]) head.append(cm.el("th", "", W[key]));
    head.append(cm.el("th", "", "km²"));
    for (const th of head.children) th.scope = "col";
    top.append(head);
    for (const [state, sides, oldState, oldSides, km2, error, names, more] of days[day].changes) {
      const line = cm.el("tr"), to = cell("", ""), where = cell("", ""), size = cell(cm.number(km2)), from = cm.el("small", "", W.from + ": ");
      from.append(shortName(oldState, oldSides));
      to.append(who(sides.length && state === "held" ? "changed a" + sides[0] : "blank", shortName(state, sides), ...(state === "contested" && sides.length ? [" (" + W.contested + ")"] : []), cm.el("br"), from));
      names.slice(0, 6).forEach((name, n) => where.append(n ? ", " : "", cm.bdi(cm.places[name].name)));
      if (names.length + more > 6) where.append(" " + cm.fill("more", { n: names.length + more - 6 }));
      size.append(cm.el("br"), cm.el("small", "", "± " + cm.number(error)));
      line.append(to, where, size);
      body.append(line);
    }
    table.append(top, body);
    section.replaceChildren(title, table);
  }
  function eventsPanel(day) {
    const section = by("events"), list = eventsOf(day), title = section.querySelector("h2");
    if (!list.length) { section.replaceChildren(title, cm.el("p", "none", W.no_events)); return; }
    const items = cm.el("ol");
    for (const event of list) {
      const item = cm.el("li"), node = cm.eventNode(event), button = cm.el("button");
      button.type = "button";
      button.dataset.event = event.number;
      const line = node.querySelector(".ev-head"), text = cm.el("span");
      button.append(line.firstChild);
      text.append(...line.childNodes);
      button.append(text);
      line.remove();
      button.addEventListener("click", () => cm.showEvent(event, days[day].date));
      item.append(button, ...node.childNodes);
      items.append(item);
    }
    section.replaceChildren(title, items);
  }
  const eventsOf = (day) => cm.events.filter((event) => event.date[0] === days[day].date);

  // --- choosing a date ------------------------------------------------------------------------
  let today = -1, timer = null, told = null;
  function show(day) {
    day = Math.max(0, Math.min(days.length - 1, day));
    if (day === today) return;
    today = day;
    const { date, name, names } = days[day];
    drawMap(day);
    cm.labels.fixed = cm.fixedLabels(names);
    cm.drawEvents(eventsOf(day), date);
    sidesPanel(day);
    changesPanel(day);
    eventsPanel(day);
    by("slider").value = day;
    by("slider").setAttribute("aria-valuetext", name);
    by("day").textContent = name;
    by("day-page").href = date + ".html";
    by("asof").textContent = cm.fill("data_as_of", { date: name });
    for (const bar of by("chart").children) bar.classList.toggle("now", +bar.dataset.day === day);
    cm.kept.date = date;
    if (told && leafletMap.hasLayer(told.box)) tell(...told.at);
    else { told = null; cm.kept.at = null; leafletMap.closePopup(); }
    cm.remember();
  }
  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => { if (today === days.length - 1) play(false); else show(today + 1); }, 1000) : null;
    if (on && today === days.length - 1) show(0);
    by("play").setAttribute("aria-pressed", on ? "true" : "false");
    by("play").setAttribute("aria-label", on ? W.pause : W.play);
    by("play").querySelector("path").setAttribute("d", on ? "M3 2h4v12h-4zM9 2h4v12h-4z" : "M4 2l10 6l-10 6z");
  }
  function chart() {
    const root = by("chart"), n = days.length, high = 30;
    const sums = days.map((day) => day.changes.reduce((sum, c) => sum + c[4], 0)), most = Math.max(1, ...sums);
    root.setAttribute("viewBox", `0 0 ${Math.max(1, n - 1) * 10} ${high}`);
    days.forEach((day, i) => {
      let y = high;
      for (const [state, sides, , , km2] of day.changes) {
        const tall = (km2 / most) * high;
        y -= tall;
        root.append(cm.svg("rect", { class: (state === "held" && sides.length ? "bar a" + sides[0] : "bar nobody"), "data-day": i, x: i * 10 - 3.6, y, width: 7.2, height: tall }));
      }
    });
  }

  // --- what a click tells -----------------------------------------------------------------------
  function tell(lat, lon) {
    const at = mesh.cellAt(lat, lon);
    if (at < 0) return;
    // The region tells who holds the land; evidence comes from the nearest place that is held alike.
    const { css, state, sides, basis } = labels[drawn(today).label[at]];
    const record = (p) => cm.records[states[today][p.number]];
    const alike = (p) => record(p).state === state && record(p).sides.join() === sides.join();
    const near = cm.nearest(lat, lon), source = near && (alike(near.place) ? near : cm.nearest(lat, lon, alike));
    const { status, claim, since, more, events } = source ? record(source.place) : { status: "", claim: -1, since: null, more: 0, events: [] };
    const name = !near ? cm.stateLine(state, sides) : near.km < 3 ? near.place.name : cm.fill("nearest", { place: near.place.name, km: Math.round(near.km) });
    const age = since === null ? null : cm.dayNumber(days[today].date) - START + since;
    const anchor = cm.el("a", "", W.link_here), last = cm.el("p", "by");
    cm.kept.at = [lat, lon];
    cm.remember();
    anchor.href = cm.address();
    last.append(anchor);
    const parts = cm.placeParts(name, { css, state, sides, basis, status, claim, since: age, more, events, says: near && days[today].says[near.place.number] }, days[today].date);
    told = { at: [lat, lon], box: cm.popup([lat, lon], [...parts, last]) };
  }

  chart();
  leafletMap.on("click", (e) => tell(e.latlng.lat, e.latlng.lng));
  cm.addSearch((found) => {
    leafletMap.setView([found.lat, found.lon], Math.max(leafletMap.getZoom(), cm.labels.home + 2), { animate: !cm.quiet });
    tell(found.lat, found.lon);
  });
  cm.addLayers();
  by("slider").addEventListener("input", (e) => { play(false); show(+e.target.value); });
  by("play").addEventListener("click", () => play(!timer));
  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || /^(INPUT|SELECT|TEXTAREA|SUMMARY)$/.test(e.target.tagName) || e.target.closest(".leaflet-container")) return;
    const go = { ArrowLeft: today - 1, ArrowRight: today + 1, Home: 0, End: days.length - 1 }[e.key];
    if (go !== undefined) { e.preventDefault(); play(false); show(go); }
    if (e.key === " " && e.target.tagName !== "BUTTON" && e.target.tagName !== "A") { e.preventDefault(); play(!timer); }
  });
  window.addEventListener("hashchange", () => go(cm.read()));
  function go(wanted) {
    const day = days.findIndex((d) => d.date === wanted.date);
    show(day < 0 ? (today < 0 ? days.length - 1 : today) : day);
    const [lat, lon] = (wanted.at || "").split(",").map(Number);
    if (wanted.at && Number.isFinite(lat) && Number.isFinite(lon)) tell(lat, lon);
  }
  cm.show = show;
  cm.geometry = geometry;
  go(hash);
  cm.ready();
};
