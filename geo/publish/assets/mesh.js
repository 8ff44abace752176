"use strict";
// Cells to areas: reads the coverage, smooths borders as control does, joins cells of one label to outlines.
const mesh = (function () {
  const cm = controlmap, data = cm.data;
  const ROUNDS = 8, ROOM = 0.8;
  const corners = cm.numbers(data.corners), count = corners.length / 2;
  const lon = new Float64Array(count), lat = new Float64Array(count);
  for (let i = 0, x = 0, y = 0; i < count; i++) { x += corners[2 * i]; y += corners[2 * i + 1]; lon[i] = x / 1e4; lat[i] = y / 1e4; }
  const squeeze = Math.cos(((data.base.extent[1] + data.base.extent[3]) / 2) * Math.PI / 180);

  // rings of each cell, as numbers of corners
  const cells = [];
  (function () {
    const flat = cm.numbers(data.rings);
    let fresh = 0, before = 0;
    for (let i = 0; i < flat.length; ) {
      const rings = [];
      for (let left = flat[i++]; left > 0; left--) {
        const size = flat[i++], ring = new Int32Array(size);
        for (let k = 0; k < size; k++) {
          const step = flat[i++];
          before = step === 0 ? fresh++ : before + step - (step > 0 ? 1 : 0);
          ring[k] = before;
        }
        rings.push(ring);
      }
      cells.push(rings);
    }
  })();

  // edges: two corners, and the cells on both sides (-1 for none)
  let size = 0;
  for (const rings of cells) for (const ring of rings) size += ring.length;
  const ea = new Int32Array(size), eb = new Int32Array(size), one = new Int32Array(size), two = new Int32Array(size);
  let edges = 0;
  (function () {
    const met = new Map();
    cells.forEach((rings, cell) => {
      for (const ring of rings)
        for (let k = 0; k < ring.length; k++) {
          const a = ring[k], b = ring[(k + 1) % ring.length], key = a < b ? a * count + b : b * count + a, known = met.get(key);
          if (known !== undefined) { two[known] = cell; met.delete(key); continue; }
          met.set(key, edges);
          ea[edges] = a; eb[edges] = b; one[edges] = cell; two[edges] = -1;
          edges++;
        }
    });
  })();
  const inner = new Uint8Array(count);
  for (let e = 0; e < edges; e++) if (two[e] >= 0) { inner[ea[e]]++; inner[eb[e]]++; }
  function hold(held, text) {
    cm.numbers(text).reduce((at, step) => { held[at + step] = 1; return at + step; }, 0);
    return held;
  }
  const fixed = hold(new Uint8Array(count), data.fixed[0]);

  // How far an edge is from the nearest place with a name, worked out once for each edge: exactly for the two places nearest
  // to its middle, and by the length of its half for all others, as control does it.
  const room = new Float64Array(edges).fill(-1), grid = new Map(), SIDE = 0.15;
  for (const place of cm.places) {
    const key = Math.floor((place.lon * squeeze) / SIDE) + ":" + Math.floor(place.lat / SIDE);
    if (!grid.has(key)) grid.set(key, []);
    grid.get(key).push(place);
  }
  function nearestThree(x, y) {
    const gx = Math.floor(x / SIDE), gy = Math.floor(y / SIDE), found = [];
    for (let r = 0; r < 60 && (found.length < 3 || (r - 1) * SIDE < found[2].d); r++)
      for (let i = -r; i <= r; i++)
        for (let j = -r; j <= r; j += Math.abs(i) === r ? 1 : 2 * r || 1)
          for (const place of grid.get(gx + i + ":" + (gy + j)) || []) {
            const px = place.lon * squeeze - x, py = place.lat - y;
            found.push({ px, py, d: Math.hypot(px, py) });
            found.sort((a, b) => a.d - b.d).splice(3);
          }
    return found;
  }
  function clearance(e) {
    if (room[e] >= 0) return room[e];
    const hx = ((lon[eb[e]] - lon[ea[e]]) * squeeze) / 2, hy = (lat[eb[e]] - lat[ea[e]]) / 2, half = Math.hypot(hx, hy);
    const near = nearestThree(((lon[ea[e]] + lon[eb[e]]) / 2) * squeeze, (lat[ea[e]] + lat[eb[e]]) / 2);
    let least = near.length > 2 ? near[2].d - half : Infinity;
    for (const { px, py } of near.slice(0, 2)) {
      const along = Math.max(-1, Math.min(1, (px * hx + py * hy) / Math.max(half * half, 1e-18)));
      least = Math.min(least, Math.hypot(px - along * hx, py - along * hy));
    }
    return (room[e] = Math.max(0, least));
  }

  // Corners of borders are moved towards the middle of their two neighbours on the line; a later tier does not bend an earlier one.
  function smooth(tiers, day) {
    const px = Float64Array.from(lon), py = Float64Array.from(lat), held = hold(new Uint8Array(fixed), data.fixed[day + 1]);
    for (let v = 0; v < count; v++) if (inner[v] < 2) held[v] = 1;
    for (const tier of tiers) {
      if (!tier.length) continue;
      const degree = new Map(), free = [];
      for (const e of tier)
        for (const v of [ea[e], eb[e]]) { const at = degree.get(v); if (at) at.push(e); else degree.set(v, [e]); }
      for (const [v, es] of degree)
        if (es.length === 2 && !held[v]) {
          const other = es.map((e) => (ea[e] === v ? eb[e] : ea[e]));
          free.push([v, other[0], other[1], ROOM * Math.min(clearance(es[0]), clearance(es[1])), px[v], py[v]]);
        }
      const nx = new Float64Array(free.length), ny = new Float64Array(free.length);
      for (let round = 0; round < ROUNDS; round++) {
        free.forEach(([v, l, r, limit, x0, y0], n) => {
          const dx = (px[v] + (px[l] + px[r]) / 2) / 2 - x0, dy = (py[v] + (py[l] + py[r]) / 2) / 2 - y0;
          const length = Math.hypot(dx * squeeze, dy), shrink = length > limit ? limit / length : 1;
          nx[n] = x0 + dx * shrink;
          ny[n] = y0 + dy * shrink;
        });
        free.forEach(([v], n) => { px[v] = nx[n]; py[v] = ny[n]; });
      }
      for (const v of degree.keys()) held[v] = 1;
    }
    return [px, py];
  }

  // Outlines of the groups that cells are in (-1 for none): edges between groups, chained to rings; the even-odd rule fills them.
  const head = new Int32Array(count).fill(-1);
  function outlines(group, groups, [px, py]) {
    const borders = Array.from({ length: groups }, () => []);
    for (let e = 0; e < edges; e++) {
      const a = group[one[e]], b = two[e] < 0 ? -1 : group[two[e]];
      if (a === b) continue;
      if (a >= 0) borders[a].push(e);
      if (b >= 0) borders[b].push(e);
    }
    return borders.map((list) => chain(list, px, py));
  }
  function chain(list, px, py, open) {
    const next = new Int32Array(list.length * 2), used = new Uint8Array(list.length), rings = [];
    list.forEach((e, n) => { next[2 * n] = head[ea[e]]; head[ea[e]] = 2 * n; next[2 * n + 1] = head[eb[e]]; head[eb[e]] = 2 * n + 1; });
    const step = (v) => {
      for (let h = head[v]; h >= 0; h = next[h]) if (!used[h >> 1]) return h;
      return -1;
    };
    const walk = (v) => {
      const ring = [[py[v], px[v]]];
      for (let h = step(v); h >= 0; h = step(v)) {
        used[h >> 1] = 1;
        const e = list[h >> 1];
        v = h & 1 ? ea[e] : eb[e];
        ring.push([py[v], px[v]]);
        if (open && degree(v) !== 2) break;
      }
      return ring;
    };
    const degree = (v) => { let d = 0; for (let h = head[v]; h >= 0; h = next[h]) d++; return d; };
    if (open) list.forEach((e) => { for (const v of [ea[e], eb[e]]) while (degree(v) !== 2 && step(v) >= 0) rings.push(walk(v)); });
    list.forEach((e, n) => { if (!used[n]) rings.push(walk(ea[e])); });
    for (const e of list) { head[ea[e]] = -1; head[eb[e]] = -1; }
    return rings;
  }
  function cellAt(y, x) {
    for (let c = 0; c < cells.length; c++) {
      let odd = false;
      for (const ring of cells[c])
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const a = ring[i], b = ring[j];
          if (lat[a] > y !== lat[b] > y && x < ((lon[b] - lon[a]) * (y - lat[a])) / (lat[b] - lat[a]) + lon[a]) odd = !odd;
        }
      if (odd) return c;
    }
    return -1;
  }
  return { cells: cells.length, edges, one, two, ea, eb, smooth, outlines, chain, cellAt };
})();
