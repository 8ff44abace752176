"use strict";
// One date's page: its areas, claims, changes, fronts and events, and what a click on them tells.
controlmap.start = function (leafletMap) {
  const cm = controlmap, data = cm.data;
  const hash = cm.prepare(leafletMap);
  const states = Array.from(cm.reel(data.states, cm.places.length)[0], (r) => cm.records[r]);
  for (const pane of ["areas", "claims", "changes"])
    for (const area of data[pane]) {
      area.rings = cm.shape(area.shape);
      if (area.css) cm.layer(pane === "claims" ? "claimed" : pane, area.rings, "area " + area.css);
    }
  cm.drawFronts(data.fronts.flatMap(cm.shape), (pane, css, rings, line) => cm.layer(pane, rings, css, line));
  cm.labels.fixed = cm.fixedLabels(data.names, data.changes);
  cm.drawEvents(cm.events.slice(0, data.today), data.date);

  // A click asks which area it is in, and which place with a name is nearest.
  function tell(lat, lon) {
    const area = data.areas.find((row) => cm.inside(row.rings, lat, lon));
    if (!area) return;
    const near = cm.nearest(lat, lon);
    const state = near && states[near.place.number];
    const [what, sides] = area.what;
    cm.kept.at = [lat, lon];
    cm.remember();
    const here = state && state.sides.join() === sides.join() && (state.state === what || (what === "claimed" && state.state === "held"));
    const told = here ? { ...state, state: what, css: area.css } :
      { state: what, sides, css: area.css, basis: area.basis, events: area.events.slice(0, 4), more: area.of - Math.min(4, area.events.length), claim: -1, since: null };
    if (here && !told.events.length && told.basis !== "baseline") { told.events = area.events.slice(0, 3); told.more = area.of - told.events.length; }
    told.says = near && data.says[near.place.number];
    const name = !near ? cm.stateLine(what, sides) : near.km < 3 ? near.place.name : cm.fill("nearest", { place: near.place.name, km: Math.round(near.km) });
    const size = cm.el("p", "by", cm.number(area.km2) + " km² · " + area.places.slice(0, 5).join(", ") +
      (area.places.length + area.more > 5 ? " " + cm.fill("more", { n: area.places.length + area.more - 5 }) : ""));
    const anchor = cm.el("a", "", cm.W.link_here);
    anchor.href = cm.address();
    const last = cm.el("p", "by");
    last.append(anchor);
    // what a page leaves out for its weight, the timeline tells
    if (told.more > 0) {
      const all = cm.el("a", "", cm.W.timeline_of);
      all.href = `index.html#date=${data.date}&at=${lat.toFixed(4)},${lon.toFixed(4)}`;
      last.append(" · ", all);
    }
    cm.popup([lat, lon], [...cm.placeParts(name, told, data.date, [size]), last]);
  }
  leafletMap.on("click", (e) => tell(e.latlng.lat, e.latlng.lng));
  cm.addSearch((place) => {
    leafletMap.setView([place.lat, place.lon], Math.max(leafletMap.getZoom(), cm.labels.home + 2), { animate: !cm.quiet });
    tell(place.lat, place.lon);
  });
  cm.addLayers();
  for (const button of document.querySelectorAll("button[data-event]"))
    button.addEventListener("click", () => cm.showEvent(cm.events[+button.dataset.event], data.date));
  document.addEventListener("keydown", (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) || e.target.closest(".leaflet-container")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[e.key];
    const go = rel && document.querySelector(`nav a[rel=${rel}]`);
    if (go) go.click();
  });
  cm.ready();
  if (hash.at) {
    const [lat, lon] = hash.at.split(",").map(Number);
    if (Number.isFinite(lat) && Number.isFinite(lon)) tell(lat, lon);
  }
};
