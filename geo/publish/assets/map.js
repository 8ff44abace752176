"use strict";
// The map that pages and timeline share: decoding, base map, labels, events, popups, search, permalinks.
// All text from data reaches the document through textContent; no string is ever parsed as markup.
const controlmap = (function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const W = data.words;
  const STEPS = 10000;
  const DIGITS = {};
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").forEach((c, i) => { DIGITS[c] = i; });
  const SVG = "http://www.w3.org/2000/svg";
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const bare = /[?&]bare\b/.test(location.search);
  const listeners = { place: [], layer: [] };
  let map = null;

  // --- decoding -------------------------------------------------------------------------------
  function numbers(text) {
    const found = [];
    let value = 0, shift = 0;
    for (let i = 0; i < text.length; i++) {
      const digit = DIGITS[text[i]];
      value += (digit & 31) * 2 ** shift;
      shift += 5;
      if (digit < 32) { found.push(value % 2 ? -(value + 1) / 2 : value / 2); value = 0; shift = 0; }
    }
    return found;
  }
  // Scattered points: where the text begins with a point, each number is two letters, or "_" and a number of any length.
  function scattered(text) {
    if (text[0] !== ".") return numbers(text);
    const found = [];
    for (let i = 1; i < text.length; ) {
      if (text[i] === "_") {
        const from = ++i;
        while (DIGITS[text[i++]] > 31);
        found.push(numbers(text.slice(from, i))[0]);
      } else {
        const value = DIGITS[text[i]] * 64 + DIGITS[text[i + 1]];
        found.push(value % 2 ? -(value + 1) / 2 : value / 2);
        i += 2;
      }
    }
    return found;
  }
  function points(text) {
    const steps = scattered(text), found = [];
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) { x += steps[i]; y += steps[i + 1]; found.push([y / STEPS, x / STEPS]); }
    return found;
  }
  const shape = (text) => (text ? text.split(" ").map(points) : []);

  // --- small helpers --------------------------------------------------------------------------
  function el(tag, css, text) {
    const node = document.createElement(tag);
    if (css) node.className = css;
    if (text !== undefined) node.textContent = text;
    return node;
  }
  // The one place of Leaflet that takes text as markup is its line of credits.
  function plain(text) { return el("span", "", text).innerHTML; }
  function bdi(text) { return el("bdi", "", text); }
  function svg(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    return node;
  }
  function fill(key, values) { return W[key].replace(/\{(\w+)\}/g, (_, name) => values[name]); }
  function number(value, signed) {
    const text = String(Math.round(Math.abs(value))).replace(/\B(?=(\d{3})+$)/g, W.thousands);
    return (Math.round(value) < 0 ? "−" : signed && Math.round(value) > 0 ? "+" : "") + text;
  }
  function symbol(type, css) {
    const node = svg("svg", { class: "sym " + (css || ""), viewBox: "0 0 16 16", "aria-hidden": "true" });
    node.append(svg("use", { class: "halo", href: "#s-" + data.types[type] }), svg("use", { href: "#s-" + data.types[type] }));
    return node;
  }
  const dayNumber = (iso) => Date.UTC(+iso.slice(0, 4), iso.slice(5, 7) - 1, +iso.slice(8)) / 864e5;
  function inside(rings, lat, lon) {
    let odd = false;
    for (const ring of rings)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
        if (ring[i][0] > lat !== ring[j][0] > lat &&
            lon < ((ring[j][1] - ring[i][1]) * (lat - ring[i][0])) / (ring[j][0] - ring[i][0]) + ring[i][1]) odd = !odd;
    return odd;
  }

  // --- places and events ----------------------------------------------------------------------
  const places = (function () {
    const names = data.places.names ? data.places.names.split("\n") : [];
    const at = points(data.places.xy);
    return names.map((name, i) => ({ name, rank: +data.places.ranks[i], lat: at[i][0], lon: at[i][1], number: i }));
  })();
  const STATUSES = ["", "confirmed", "claimed", "denied"], PRECISIONS = ["", "week", "month", "year"], SAYS = 8;
  // An event is what happened, where, by whom; what was said of it, by whom and when, is shared by all events of a sentence.
  const events = (function () {
    const flat = numbers(data.events.rows), said = numbers(data.events.says), found = [], says = [];
    const text = (n) => (n < 0 ? "" : data.events.texts[n]);
    const date = (n) => (n < 0 ? null : data.events.dates[n]);
    for (let i = 0; i < said.length; i += SAYS) {
      const r = said.slice(i, i + SAYS);
      says.push({ evidence: text(r[0]), source: text(r[1]), by: text(r[2]), url: text(r[3]), date: date(r[4]), end: date(r[5]),
        precision: PRECISIONS[r[6]], published: date(r[7]) });
    }
    let row = 0, i = 0;
    const next = () => flat[i++];
    while (i < flat.length) {
      row += next();
      const event = { ...says[row], number: found.length, type: next(), actor: next(), target: next(), status: STATUSES[next()], others: text(next()) };
      const at = next();
      if (at >= 0) Object.assign(event, { place: places[at].name, lon: places[at].lon, lat: places[at].lat });
      else Object.assign(event, { place: text(next()), lon: next() / STEPS, lat: next() / STEPS });
      found.push(event);
    }
    return found;
  })();
  // What can be said of a place: a label (what is drawn of it), status, who else claims it, days since, events.
  const labelled = data.labels.map(([css, state, sides, basis, camp]) => ({ css, state, sides, basis, camp }));
  const records = (function () {
    const flat = numbers(data.records), found = [];
    for (let i = 0; i < flat.length; ) {
      const since = flat[i + 3], more = flat[i + 4], count = flat[i + 5];
      found.push({ ...labelled[flat[i]], status: STATUSES[flat[i + 1]], claim: flat[i + 2], since: since ? since - (since > 0 ? 1 : 0) : null,
        more, events: flat.slice(i + 6, i + 6 + count) });
      i += 6 + count;
    }
    return found;
  })();
  // Rows of numbers: the first as runs, each later one as what differs from the one before.
  function reel(texts, size) {
    const runs = numbers(texts[0]), rows = [new Int32Array(size)];
    for (let i = 0, at = 0; i < runs.length; i += 2) { rows[0].fill(runs[i], at, at + runs[i + 1]); at += runs[i + 1]; }
    for (const text of texts.slice(1)) {
      const steps = numbers(text), row = Int32Array.from(rows[rows.length - 1]);
      for (let i = 0, at = 0; i < steps.length; i += 2) { at += steps[i]; row[at] = steps[i + 1]; }
      rows.push(row);
    }
    return rows;
  }
  function nearest(lat, lon, wanted) {
    const squeeze = Math.cos((lat * Math.PI) / 180);
    let best = null, least = Infinity;
    for (const place of places) {
      const d = (place.lat - lat) ** 2 + ((place.lon - lon) * squeeze) ** 2;
      if (d < least && (!wanted || wanted(place))) { least = d; best = place; }
    }
    return best && { place: best, km: Math.sqrt(least) * 111.2 };
  }

  // --- what a popup tells ---------------------------------------------------------------------
  const side = (n) => (n >= 0 ? data.sides[n][0] : W.nobody);
  function stateLine(state, sides) {
    if (state === "contested") return fill("contested_by", { actors: sides.map(side).join(" · ") });
    if (state === "unknown" || !sides.length) return W.unknown_here;
    return fill(state === "claimed" ? "claimed_by" : "held_by", { actor: side(sides[0]) });
  }
  function link(event) {
    let url = null;
    try { url = new URL(event.url); } catch (error) { return null; }
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    const node = el("a", "", W.open_source);
    node.href = url.href;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    return node;
  }
  function eventNode(event, today) {
    const node = el("article", "ev");
    const head = el("p", "ev-head");
    head.append(symbol(event.type, event.actor >= 0 ? "a" + event.actor : ""), W["type_" + data.types[event.type]], " · ", bdi(event.place));
    if (event.actor >= 0) head.append(" · ", bdi(data.sides[event.actor][1]));
    node.append(head);
    const quote = el("blockquote", "", event.evidence);
    quote.dir = "auto";
    node.append(quote);
    const by = el("p", "by");
    by.append(bdi(event.source));
    if (event.by) by.append(" — ", fill("said_by", { who: event.by }));
    by.append(" · ", when(event), " · ", el("span", "st " + event.status, W["status_" + event.status]));
    if (today) by.append(" · ", fill("days", { n: dayNumber(today) - dayNumber(event.date[0]) }));
    const more = link(event);
    if (more) by.append(" · ", more);
    node.append(by);
    if (event.others) node.append(el("p", "by", event.others));
    return node;
  }
  function when(event) {
    const span = event.end && event.end[0] !== event.date[0] ? event.date[1] + " – " + event.end[1] : event.date[1];
    const words = event.precision ? span + " (" + W["precision_" + event.precision] + ")" : span;
    return event.published[0] === event.date[0] ? words : words + " (" + fill("published", { date: event.published[1] }) + ")";
  }
  function popup(latlng, parts) {
    const node = el("div", "tell");
    node.append(...parts.filter(Boolean));
    const box = L.popup({ maxWidth: 340, minWidth: 220, maxHeight: 340, autoPanPadding: [16, 16] }).setLatLng(latlng).setContent(node);
    box.openOn(map);
    const close = box.getElement().querySelector(".leaflet-popup-close-button");
    if (close) close.setAttribute("aria-label", W.close);
    return box;
  }
  // What a place's popup says of its state: `tell` holds state, sides, status, basis, claim, since, events, says.
  function placeParts(name, tell, today, extra) {
    const head = el("h3", "", "");
    head.append(bdi(name));
    const line = el("p", "state");
    const swatch = svg("svg", { class: "sw", viewBox: "0 0 22 14", "aria-hidden": "true" });
    swatch.append(svg("rect", { class: "area " + (tell.css || "blank"), x: .5, y: .5, width: 21, height: 13 }));
    line.append(swatch, " ", stateLine(tell.state, tell.sides));
    const facts = el("p", "by");
    const bits = [];
    if (tell.status && tell.state !== "unknown") bits.push(W["status_" + tell.status]);
    if (tell.basis && tell.state !== "unknown") bits.push(W["basis_" + tell.basis]);
    if (tell.since !== null && tell.since >= 0 && tell.state !== "unknown") bits.push(W.age + ": " + fill("days", { n: tell.since }));
    facts.textContent = bits.join(" · ");
    const claim = tell.claim >= 0 ? el("p", "by", fill("claimed_by", { actor: side(tell.claim) })) : null;
    const list = tell.events.map((n) => eventNode(events[n], today));
    if (!list.length && tell.state !== "unknown") list.push(el("p", "by", W.no_evidence));
    if (tell.more > 0) list.push(el("p", "by", fill("more", { n: tell.more })));
    if (tell.says && tell.says.length) list.push(el("p", "by", W.disputed + ": " + tell.says.join("; ")));
    return [head, line, bits.length ? facts : null, claim, ...(extra || []), ...list];
  }

  // Lines round a speck of land are drawn finer than fronts, or they would hide it.
  function drawFronts(rings, draw) {
    const least = 0.018 * (data.base.extent[3] - data.base.extent[1]);
    const span = (line, axis) => line.reduce((most, at) => Math.max(most, Math.abs(at[axis] - line[0][axis])), 0);
    const speck = (line) => span(line, 0) < least && span(line, 1) < least;
    draw("fronts", "front speck", rings.filter(speck), true);
    const long = rings.filter((line) => !speck(line));
    draw("fronts", "front-case", long, true);
    draw("fronts", "front", long, true);
  }

  // --- base map -------------------------------------------------------------------------------
  const PANES = { base: 200, areas: 300, claimed: 320, changes: 340, borders: 360, fronts: 380, labels: 450, events: 600 };
  const renderers = {};
  function layer(pane, rings, css, line) {
    const options = { pane, renderer: renderers[pane], className: css, interactive: false, smoothFactor: pane === "base" ? 0.5 : 0 };
    return (line ? L.polyline : L.polygon)(rings, options).addTo(map);
  }
  function drawBase() {
    if (data.tiles) {
      map.createPane("tiles").style.zIndex = 100;
      L.tileLayer(data.tiles[0], { pane: "tiles", maxZoom: 12 }).addTo(map);
      map.attributionControl.addAttribution(plain(data.tiles[1]));
      map.getContainer().classList.add("tiled");
    }
    layer("base", shape(data.base.around), "around");
    data.landRings = shape(data.base.land);
    layer("base", data.landRings, "land");
    layer("borders", shape(data.base.provinces), "province", true);
    layer("borders", shape(data.base.borders), "border", true);
  }

  // --- labels: one SVG, placed greedily, the weightier first ------------------------------------
  const Labels = L.Layer.extend({
    onAdd() {
      this.root = svg("svg", { class: "labels", "aria-hidden": "true" });
      this.getPane("labels").append(this.root);
      this.widths = new Map();
      this.nodes = new Map();
      this.brush = document.createElement("canvas").getContext("2d");
      map.on("zoomstart", this.hide, this).on("zoomend moveend resize", this.draw, this);
      this.draw();
    },
    hide() { this.root.classList.add("away"); },
    draw() {
      if (!map.getSize().x) return;
      const bounds = map.getBounds().pad(0.25), taken = [], zoom = map.getZoom() - this.home;
      const out = new Map();
      this.scale = map.project([map.getCenter().lat, 1]).x - map.project([map.getCenter().lat, 0]).x;
      this.busy = this.crowd();
      this.symbols = this.busy.map(({ at, half, tall }) => [at.x - half, at.y - tall, at.x + half, at.y + tall]);
      taken.push(...this.corners());
      for (const item of this.fixed || []) this.put(out, taken, item, bounds);
      const steps = [-9, -9, 0.4, 1, 1.75, 2.5];
      for (const place of this.sorted) {
        if (zoom < steps[place.rank]) break; // the rest is smaller still
        this.put(out, taken, { text: place.name, lat: place.lat, lon: place.lon, css: place.rank < 2 ? "city" : "town", dot: true, big: place.rank < 1,
          size: place.rank < 1 ? 13.5 : place.rank < 2 ? 12 : 11, weight: place.rank < 2 ? 600 : 400 }, bounds);
      }
      // what stands where it stood keeps its node, so that a change of date paints only what is new
      for (const [key, node] of this.nodes) if (!out.has(key)) node.remove();
      for (const [key, node] of out) if (!this.nodes.has(key)) this.root.append(node);
      this.nodes = out;
      this.root.classList.remove("away");
    },
    // What buttons, search, scale and locator cover; asked of the page once for each size of the map.
    corners() {
      const nodes = [...document.querySelectorAll(".leaflet-control:not(.leaflet-control-attribution), #locator")];
      const { x, y } = map.getSize(), key = [x, y, nodes.length].join(), shift = L.DomUtil.getPosition(map.getPane("mapPane"));
      if (this.cornersKey !== key) {
        const frame = map.getContainer().getBoundingClientRect();
        this.cornersKey = key;
        this.covered = nodes.map((node) => node.getBoundingClientRect()).filter((box) => box.width)
          .map((box) => [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top]);
      }
      return this.covered.map((box) => box.map((side, n) => side - (n % 2 ? shift.y : shift.x)));
    },
    // Where symbols would cover each other, the weightier is drawn in full and the others small.
    crowd() {
      const full = [];
      for (const spot of this.spots) {
        spot.at = map.latLngToLayerPoint([spot.lat, spot.lon]);
        const small = full.some((other) => Math.abs(other.at.y - spot.at.y) < 13 && Math.abs(other.at.x - spot.at.x) < 7 * (other.count + spot.count));
        if (!small) full.push(spot);
        spot.half = small ? 5 * spot.count : 9 * spot.count;
        spot.tall = small ? 5 : 9;
        spot.marker.setZIndexOffset(small ? 1000 : 0).getElement().classList.toggle("small", small);
      }
      return this.spots;
    },
    node(out, tag, attributes, text) {
      const key = Object.values(attributes).join() + text;
      if (out.has(key)) return;
      let node = this.nodes.get(key);
      if (!node) { node = svg(tag, attributes); node.textContent = text; }
      out.set(key, node);
    },
    width(item) {
      const font = `${item.weight || 400} ${item.size}px ${FONT}`, text = item.upper ? item.text.toUpperCase() : item.text, key = font + text;
      if (!this.widths.has(key)) { this.brush.font = font; this.widths.set(key, this.brush.measureText(text).width); }
      return this.widths.get(key);
    },
    put(out, taken, item, bounds) {
      if (!bounds.contains([item.lat, item.lon])) return;
      const at = map.latLngToLayerPoint([item.lat, item.lon]);
      const widen = () => this.width(item) * (1 + (item.spaced || 0));
      let wide = widen();
      if (item.room && wide > item.room * this.scale * 3) { item = { ...item, size: 10 }; wide = widen(); } // on a small screen rather small than not at all
      if (item.room && wide > item.room * this.scale * 3) return;
      const high = item.size;
      const shift = L.DomUtil.getPosition(map.getPane("mapPane"));
      const event = item.dot && this.busy.find((spot) => Math.abs(spot.at.x - at.x) < 10 && Math.abs(spot.at.y - at.y) < 10);
      const off = event ? event.half + 2 : 6, low = high * 0.35;
      const spots = item.dot ? [[off, low, "start"], [-off, low, "end"], [0, event ? -11 : -6, "middle"], [0, high + (event ? 9 : 4), "middle"],
        ...(event ? [[off, -9, "start"], [off, high + 6, "start"], [-off, -9, "end"], [-off, high + 6, "end"]] : [])] :
        [0, -18, 18, ...(item.room ? [-36, 36, -54, 54].filter((dy) => Math.abs(dy) < item.room * this.scale * 0.7) : [])].map((dy) => [0, low + dy, "middle"]);
      // A big city is named in any case, over other places' symbols if it must be, never over other names.
      const far = item.big && event ? [[0, -22, "middle"], [0, high + 22, "middle"], [off + 14, -20, "start"], [-off - 14, -20, "end"]] : [];
      for (const [dx, dy, anchor, over] of item.big ? [...spots, ...far, ...spots.map((spot) => [...spot, true])] : spots) {
        const left = at.x + dx - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
        const box = [left - 2, at.y + dy - high, left + wide + 2, at.y + dy + 3];
        if (!item.dot && (box[0] + shift.x < 0 || box[2] + shift.x > map.getSize().x || box[1] + shift.y < 0 || box[3] + shift.y > map.getSize().y)) continue;
        if (box[0] + shift.x < 0 && at.x + shift.x >= 0) continue;
        if (box[2] + shift.x > map.getSize().x && at.x + shift.x <= map.getSize().x) continue;
        const hits = (t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1];
        if (taken.some(hits) || (!over && this.symbols.some(hits))) continue;
        if (item.dot && !event) taken.push([at.x - 4, at.y - 4, at.x + 4, at.y + 4]);
        taken.push(box);
        if (item.dot && !event) this.node(out, "circle", { class: "dot " + item.css, cx: at.x, cy: at.y, r: item.css === "city" ? 2.6 : 1.8 }, "");
        this.node(out, "text", { class: item.css, x: at.x + dx, y: at.y + dy, "text-anchor": anchor, "font-size": item.size, "font-weight": item.weight || 400 }, item.text);
        return;
      }
    },
  });
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif';
  let labels = null;
  function fixedLabels(sides, changes) {
    const fixed = [], flat = numbers(sides);
    for (let i = 0; i < flat.length; i += 4) {
      const n = flat[i], [lon, lat, room] = flat.slice(i + 1, i + 4).map((value) => value / 1000);
      fixed.push({ text: data.sides[n][1], lat, lon, css: "side a" + n, weight: 700, spaced: 0.1, upper: true, room, size: Math.max(11, Math.min(17, 9 + room * 9)) });
    }
    for (const change of changes || []) fixed.push({ text: change.km2 + " km²", lat: change.at[1], lon: change.at[0], css: "km2 a" + change.side, size: 11, weight: 600, room: change.room });
    for (const [name, lon, lat] of data.base.names) fixed.push({ text: name, lat, lon, css: "country", size: 11, spaced: 0.2, upper: true });
    return fixed;
  }

  // --- event markers: one for each spot, its shapes side by side --------------------------------
  let markers = null;
  function drawEvents(list, today) {
    if (markers) markers.remove();
    const spots = new Map();
    for (const event of list) {
      const key = event.lat + "," + event.lon;
      if (!spots.has(key)) spots.set(key, []);
      spots.get(key).push(event);
    }
    markers = L.layerGroup();
    labels.spots = [];
    for (const group of spots.values()) {
      group.sort((a, b) => a.type - b.type || a.number - b.number);
      const shown = group.filter((e, i) => !i || e.type !== group[i - 1].type || e.actor !== group[i - 1].actor).slice(0, 3);
      const node = el("span", "spot");
      for (const event of shown) node.append(symbol(event.type, (event.actor >= 0 ? "a" + event.actor : "") + (event.status === "claimed" ? " open" : "")));
      const size = [16 * shown.length, 16];
      const title = [...new Set(group.map((e) => W["type_" + data.types[e.type]] + ": " + e.place))].join("\n");
      const marker = L.marker([group[0].lat, group[0].lon], { pane: "events", title, alt: title, keyboard: true,
        icon: L.divIcon({ className: "event", html: node, iconSize: size, iconAnchor: [size[0] / 2, 8] }) });
      marker.on("click", () => tellEvents(group, today));
      marker.on("keypress", (e) => { if (e.originalEvent.key === "Enter") tellEvents(group, today); });
      markers.addLayer(marker);
      labels.spots.push({ lat: group[0].lat, lon: group[0].lon, count: shown.length, type: group[0].type, marker });
    }
    labels.spots.sort((a, b) => a.type - b.type || b.count - a.count);
    markers.addTo(map);
    labels.draw();
  }
  function tellEvents(group, today) {
    const head = el("h3", "", "");
    head.append(bdi(group[0].place));
    popup([group[0].lat, group[0].lon], [head, ...group.map((event) => eventNode(event, today))]);
  }
  function showEvent(event, today) {
    const spot = [event.lat, event.lon];
    if (!map.getBounds().pad(-0.1).contains(spot)) map.setView(spot, Math.max(map.getZoom(), labels.home + 1), { animate: !quiet });
    tellEvents([event], today);
  }

  // --- search ---------------------------------------------------------------------------------
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f'’`ʿʾ-]/g, "").toLowerCase();
  function addSearch(onPick) {
    const folded = places.map((place) => fold(place.name));
    const box = el("div", "search leaflet-bar"), input = el("input"), list = el("ul");
    Object.assign(input, { type: "search", placeholder: W.search, autocomplete: "off" });
    for (const [key, value] of Object.entries({ role: "combobox", "aria-label": W.search, "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" }))
      input.setAttribute(key, value);
    list.id = "found";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", W.search);
    list.hidden = true;
    let chosen = -1, hits = [];
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); chosen = -1; };
    const pick = (n) => { if (!hits[n]) return; input.value = hits[n].name; close(); onPick(hits[n]); };
    function show() {
      const want = fold(input.value.trim());
      hits = want ? places.filter((p, i) => folded[i].includes(want)).sort((a, b) =>
        (fold(b.name).startsWith(want) - fold(a.name).startsWith(want)) || a.rank - b.rank || a.number - b.number).slice(0, 8) : [];
      list.replaceChildren(...hits.map((place, n) => {
        const item = el("li");
        item.id = "found-" + n;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", n === chosen ? "true" : "false");
        item.append(bdi(place.name));
        item.addEventListener("mousedown", (e) => { e.preventDefault(); pick(n); });
        return item;
      }));
      if (want && !hits.length) {
        const none = el("li", "none", W.search_none);
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        list.append(none);
      }
      list.hidden = !want;
      input.setAttribute("aria-expanded", want ? "true" : "false");
      if (chosen >= 0) input.setAttribute("aria-activedescendant", "found-" + chosen);
    }
    input.addEventListener("input", () => { chosen = -1; show(); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (hits.length) chosen = (chosen + (e.key === "ArrowDown" ? 1 : hits.length - 1) + (chosen < 0 && e.key === "ArrowUp" ? 1 : 0)) % hits.length;
        show();
      } else if (e.key === "Enter") pick(Math.max(0, chosen));
      else if (e.key === "Escape") { input.value = ""; close(); }
    });
    box.append(input, list);
    L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
    const control = L.control({ position: "topright" });
    control.onAdd = () => box;
    control.addTo(map);
  }

  // --- layer switches, home button, scale, locator ------------------------------------------------
  const LAYERS = ["areas", "claimed", "changes", "fronts", "events", "labels"];
  const off = new Set();
  function setLayer(name, on) {
    map.getPane(name).classList.toggle("off", !on);
    if (on) off.delete(name); else off.add(name);
    remember();
  }
  function addLayers() {
    const box = el("details", "layers leaflet-bar"), head = el("summary", "", W.layers);
    box.append(head);
    for (const name of LAYERS) {
      const row = el("label"), tick = el("input");
      tick.type = "checkbox";
      tick.checked = !off.has(name);
      tick.dataset.layer = name;
      tick.addEventListener("change", () => setLayer(name, tick.checked));
      row.append(tick, " ", W["layer_" + name]);
      box.append(row);
    }
    L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
    const control = L.control({ position: "topright" });
    control.onAdd = () => box;
    control.addTo(map);
  }
  function addHome() {
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      const box = el("div", "leaflet-bar home"), button = el("a", "", "");
      button.href = "#";
      button.setAttribute("role", "button");
      button.title = W.whole;
      button.setAttribute("aria-label", W.whole);
      const icon = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
      icon.append(svg("path", { d: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4", fill: "none", stroke: "currentColor", "stroke-width": 1.6 }));
      button.append(icon);
      L.DomEvent.on(button, "click", (e) => { L.DomEvent.stop(e); home(); });
      box.append(button);
      return box;
    };
    control.addTo(map);
  }
  function addLocator() {
    const root = document.querySelector("#locator svg");
    if (!root) return;
    const [west, south, east, north] = root.dataset.box.split(" ").map(Number), box = root.viewBox.baseVal, view = root.querySelector(".view");
    const x = (lon) => ((Math.max(west, Math.min(east, lon)) - west) / (east - west)) * box.width;
    const y = (lat) => ((north - Math.max(south, Math.min(north, lat))) / (north - south)) * box.height;
    const move = () => {
      const b = map.getBounds();
      view.setAttribute("x", x(b.getWest()));
      view.setAttribute("y", y(b.getNorth()));
      view.setAttribute("width", Math.max(2, x(b.getEast()) - x(b.getWest())));
      view.setAttribute("height", Math.max(2, y(b.getSouth()) - y(b.getNorth())));
    };
    map.on("moveend resize", move);
    move();
  }
  let whole = null;
  function home(still) {
    const [west, south, east, north] = data.base.extent;
    map.fitBounds([[south, west], [north, east]], { animate: !quiet && !still, padding: [6, 6] });
    whole = { zoom: map.getZoom(), lat: (south + north) / 2 };
  }
  // A map that still shows the whole theatre goes on doing so when its frame changes.
  function refit() {
    const untouched = whole && Math.abs(map.getZoom() - whole.zoom) < 0.01 && Math.abs(map.getCenter().lat - whole.lat) < 0.5;
    map.invalidateSize({ animate: false });
    const { x, y } = map.getSize();
    if (untouched && x > 40 && y > 40) home(true);
  }

  // --- permalinks: the address holds view, place, date and the layers that are off ----------------
  const kept = { at: null, date: null };
  function read() {
    const found = {};
    for (const part of location.hash.slice(1).split("&")) {
      const cut = part.indexOf("=");
      if (cut > 0) found[part.slice(0, cut)] = decodeURIComponent(part.slice(cut + 1));
    }
    return found;
  }
  function address() {
    const c = map.getCenter(), parts = [`map=${map.getZoom().toFixed(2)}/${c.lat.toFixed(4)}/${c.lng.toFixed(4)}`];
    if (kept.date) parts.push("date=" + kept.date);
    if (kept.at) parts.push(`at=${kept.at[0].toFixed(4)},${kept.at[1].toFixed(4)}`);
    if (off.size) parts.push("off=" + [...off].join(","));
    return "#" + parts.join("&");
  }
  let ready = false;
  // Browsers limit how often an address may change, so a run of changes is written once.
  let writing = 0;
  function remember() {
    if (!ready || writing) return;
    writing = setTimeout(write, 120);
  }
  function write() {
    clearTimeout(writing);
    writing = 0;
    try { history.replaceState(null, "", address()); } catch (error) { /* a frame without an address of its own */ }
  }

  // --- start ------------------------------------------------------------------------------------
  function prepare(leafletMap) {
    map = leafletMap;
    api.map = map;
    if (quiet) Object.assign(map.options, { fadeAnimation: false, zoomAnimation: false, inertia: false });
    if (bare) { document.documentElement.classList.add("bare"); map.scrollWheelZoom.disable(); map.invalidateSize(); }
    for (const name in PANES) {
      map.createPane(name).style.zIndex = PANES[name];
      if (!["labels", "events"].includes(name)) renderers[name] = L.svg({ pane: name, padding: 0.2 });
    }
    map.attributionControl.setPrefix(false).addAttribution(plain(W.credit_short));
    L.control.zoom({ zoomInTitle: W.zoom_in, zoomOutTitle: W.zoom_out }).addTo(map);
    const [west, south, east, north] = data.base.extent;
    const hash = read();
    home(true);
    const homeZoom = map.getZoom();
    map.setMinZoom(Math.max(2, homeZoom - 1.5));
    map.setMaxBounds(L.latLngBounds([south, west], [north, east]).pad(0.75));
    for (const name of (hash.off || "").split(",")) if (LAYERS.includes(name)) off.add(name);
    const view = (hash.map || "").split("/").map(Number);
    if (view.length === 3 && view.every(Number.isFinite)) map.setView([view[1], view[2]], view[0], { animate: false });
    drawBase();
    labels = new Labels();
    labels.home = homeZoom;
    labels.spots = [];
    labels.sorted = [...places].sort((a, b) => a.rank - b.rank || a.number - b.number);
    api.labels = labels;
    labels.addTo(map);
    addHome();
    L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    addLocator();
    for (const name of off) map.getPane(name).classList.add("off");
    map.on("moveend", remember);
    document.addEventListener("keydown", (e) => { if (e.key === "Escape") map.closePopup(); });
    window.addEventListener("resize", refit);
    window.addEventListener("beforeprint", refit);
    return hash;
  }
  const api = { data, W, places, events, labelled, records, reel, numbers, points, shape, el, bdi, svg, fill, number, symbol, inside, nearest, stateLine, placeParts,
    drawFronts, eventNode, popup, layer, fixedLabels, drawEvents, showEvent, addSearch, addLayers, prepare, remember, address, kept, read, bare, quiet, home, side,
    dayNumber, ready() { ready = true; labels.draw(); document.documentElement.classList.add("drawn"); } };
  return api;
})();
