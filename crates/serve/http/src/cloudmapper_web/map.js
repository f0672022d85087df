"use strict";
// The map's page: fetches the drawing and what was prepared, pans, zooms, searches and tells about
// what was clicked. Texts from AWS are only ever set as text.
const $ = (id) => document.getElementById(id);
const map = $("map"), note = $("note"), panel = $("panel");
const dark = matchMedia("(prefers-color-scheme: dark)");
let svg = null, whole = null, box = null, nodes = [], edges = [], chosen = null, hits = [], next = 0;

const say = (text) => { note.textContent = text; note.hidden = text === ""; };

async function load() {
  // The account's place in the list, and the region.
  const region = $("region").value;
  if (!region) {
    say("Nothing is prepared, or nothing stands in its VPCs. Run: isobar cloudmapper prepare --account NAME");
    return;
  }
  say("Drawing\u2026");
  const answer = await fetch(`/drawing/${region.split("/").map(encodeURIComponent).join("/")}/${dark.matches ? "dark" : "light"}`);
  const text = await answer.text();
  if (!answer.ok) { say(text); return; }
  const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (svg) svg.remove();
  svg = document.importNode(drawn, true);
  map.append(svg);
  whole = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  say("");
  fit();
  search();
}

function show() { svg.setAttribute("viewBox", box.map((n) => n.toFixed(2)).join(" ")); }
function fit() { if (svg) { box = [...whole]; show(); } }

/** A point of the screen in the drawing's units. */
function at(x, y) {
  const point = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}

function zoom(factor, x, y) {
  if (!svg) return;
  const size = Math.min(Math.max(box[2] * factor, whole[2] / 60), whole[2] * 3);
  factor = size / box[2];
  box = [x - (x - box[0]) * factor, y - (y - box[1]) * factor, box[2] * factor, box[3] * factor];
  show();
}
const middle = () => [box[0] + box[2] / 2, box[1] + box[3] / 2];

map.addEventListener("wheel", (event) => {
  event.preventDefault();
  if (svg) zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 250), ...at(event.clientX, event.clientY));
}, { passive: false });

// Two fingers zoom, one or the mouse pans.
const fingers = new Map();
let moved = false;
map.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  moved = false;
});
addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before || !svg) return;
  const now = [event.clientX, event.clientY];
  if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
    zoom(far(before) / far(now), ...at((now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
    moved = true;
  } else if (moved || Math.hypot(now[0] - before[0], now[1] - before[1]) > 4) {
    moved = true;
    map.classList.add("drag");
    const [x0, y0] = at(...before), [x1, y1] = at(...now);
    box[0] += x0 - x1;
    box[1] += y0 - y1;
    show();
  } else {
    return;
  }
  fingers.set(event.pointerId, now);
});
const lift = (event) => { fingers.delete(event.pointerId); map.classList.remove("drag"); };
addEventListener("pointerup", lift);
addEventListener("pointercancel", lift);

map.addEventListener("keydown", (event) => {
  if (!svg) return;
  const step = box[2] / 12;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (moves[event.key]) { box[0] += moves[event.key][0]; box[1] += moves[event.key][1]; show(); }
  else if (event.key === "+" || event.key === "=") zoom(0.8, ...middle());
  else if (event.key === "-") zoom(1.25, ...middle());
  else if (event.key === "0") fit();
  else if (event.key === "Escape") choose(null);
  else return;
  event.preventDefault();
});

map.addEventListener("click", (event) => {
  if (moved) return;
  const part = event.target.closest("[data-id]");
  choose(part && part.dataset.role !== "edge" ? part : null);
});

/** The prepared entries that a part of the drawing stands for. */
function entries(part) {
  const arn = part.dataset.arn || "";
  const last = arn.split("/").pop().split(":").pop();
  return nodes.filter((n) => n.id === arn || n.local_id === arn || (last && n.local_id === last) || (arn && n.id.startsWith(arn + ".")));
}

function title(part) {
  const own = part.querySelector("title");
  return own ? own.textContent : (part.dataset.arn || part.dataset.type || "");
}

/** The drawing's parts that can be chosen, by the ids of the entries they stand for. */
function parts() {
  const all = new Map();
  for (const part of svg.querySelectorAll("[data-id]")) {
    if (part.dataset.role === "edge" || part.dataset.role === "plate") continue;
    for (const entry of entries(part)) if (!all.has(entry.id)) all.set(entry.id, part);
  }
  return all;
}

/** Brings a part to the middle, near enough to read. */
function go(part) {
  const place = part.getBoundingClientRect();
  const [x, y] = at(place.x + place.width / 2, place.y + place.height / 2);
  const size = Math.min(box[2], whole[2] / 3);
  box = [x - size / 2, y - size * whole[3] / whole[2] / 2, size, size * whole[3] / whole[2]];
  show();
  choose(part);
}

function choose(part) {
  if (chosen) chosen.classList.remove("picked");
  chosen = part;
  if (svg) {
    if (part && part.dataset.role !== "plate") part.classList.add("picked");
    svg.classList.toggle("chosen", part !== null && part.dataset.role !== "plate");
    for (const line of svg.querySelectorAll(".near")) line.classList.remove("near");
  }
  panel.hidden = part === null;
  if (part === null) return;
  const known = entries(part);
  const first = known[0];
  $("name").textContent = first ? first.name : title(part);
  const facts = [["Type", part.dataset.type], ["Id", first && first.local_id], ["ARN", part.dataset.arn]];
  $("facts").replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    return [dt, dd];
  }));
  const own = new Set(known.map((n) => n.id));
  for (const group of nodes.filter((n) => n.type === "group" && n.members.some((m) => own.has(m)))) own.add(group.id);
  const names = new Map(nodes.map((n) => [n.id, n.name]));
  const lines = new Map();
  for (const edge of edges) {
    if (own.has(edge.source)) lines.set(`to ${names.get(edge.target) || edge.target}`, edge.target);
    else if (own.has(edge.target)) lines.set(`from ${names.get(edge.source) || edge.source}`, edge.source);
  }
  const drawn = lines.size ? parts() : new Map();
  const shown = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 200);
  $("links").replaceChildren(...(shown.length ? shown : [["None prepared.", ""]]).map(([text, id]) => {
    const li = document.createElement("li"), other = drawn.get(id);
    if (other) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => go(other));
      li.append(button);
    } else {
      li.textContent = text;
    }
    return li;
  }));
  $("raw").textContent = first && first.node_data ? JSON.stringify(first.node_data, null, 2) : "Nothing was kept of it.";
  for (const line of svg.querySelectorAll('[data-role="edge"]')) {
    const ends = (line.dataset.source || "") + " " + (line.dataset.target || "");
    line.classList.toggle("near", ends.includes(part.dataset.id));
  }
  if (!svg.querySelector(".near")) svg.classList.remove("chosen");
}

function search() {
  if (!svg) return;
  const wanted = $("search").value.trim().toLowerCase();
  svg.classList.toggle("searching", wanted !== "");
  hits = [];
  next = 0;
  for (const part of svg.querySelectorAll("[data-id]")) {
    if (part.dataset.role === "edge" || part.dataset.role === "plate") continue;
    const known = wanted ? entries(part) : [];
    const words = [title(part), part.dataset.type, part.dataset.arn, part.textContent, ...known.flatMap((n) => [n.name, n.local_id, n.type])];
    const hit = wanted !== "" && words.join("\n").toLowerCase().includes(wanted);
    part.classList.toggle("hit", hit);
    for (const label of svg.querySelectorAll(`[data-label="${part.dataset.id}"]`)) label.classList.toggle("hit", hit);
    if (hit) hits.push(part);
  }
  $("found").textContent = wanted === "" ? "" : `${hits.length} found`;
}

$("search").addEventListener("input", search);
$("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (hits.length === 0) return;
  // Enter again goes on to the next.
  const which = next % hits.length;
  next = which + 1;
  $("found").textContent = `${which + 1} of ${hits.length}`;
  go(hits[which]);
});
$("in").addEventListener("click", () => svg && zoom(0.8, ...middle()));
$("out").addEventListener("click", () => svg && zoom(1.25, ...middle()));
$("fit").addEventListener("click", fit);
$("close").addEventListener("click", () => choose(null));
$("region").addEventListener("change", () => { choose(null); load(); });
dark.addEventListener("change", () => { choose(null); load(); });

fetch("/data.json").then((answer) => (answer.ok ? answer.json() : [])).then((all) => {
  for (const { data } of all) (data.type === "edge" ? edges : nodes).push(data);
}).catch(() => {}).finally(() => load().catch(() => say("The server does not answer.")));
