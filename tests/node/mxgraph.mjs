// Reads a draw.io file as draw.io does: with mxGraph's successor, plus the two things that draw.io adds
// to it, stencils inside of style strings and `object` elements around cells. Prints what it holds as
// JSON: every cell with its parent, ends, place on the page, rank and way of drawing. What should be in it is
// left to the test.
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { Window } from "happy-dom";

const window = new Window();
const { document } = window;
// happy-dom's attributes lack the names that all nodes have.
Object.defineProperties(window.Attr.prototype, {
  nodeName: { get() { return this.name; } },
  nodeValue: { get() { return this.value; } },
});
for (const name of ["DOMParser", "XMLSerializer", "Element", "Node", "SVGElement", "HTMLElement", "location"]) {
  globalThis[name] = window[name];
}
Object.assign(globalThis, { window, document });
globalThis.navigator ??= window.navigator;
const {
  EdgeMarkerRegistry, EdgeStyleRegistry, Graph, ModelXmlSerializer, PerimeterRegistry, ShapeRegistry,
  StencilShape, XmlCanvas2D, Shape,
} = await import("@maxgraph/core");

const parse = (text) => new window.DOMParser().parseFromString(text, "text/xml");
// The elements that the format of stencils knows, and two that only its code does.
const xsd = new URL(import.meta.resolve("@maxgraph/core/xsd/stencils.xsd"));
const words = new Set([...readFileSync(xsd, "utf8").matchAll(/element[^>]* (?:name|ref)="([a-z-]+)"/g)].map((m) => m[1]));
["strokealpha", "fillalpha"].forEach((word) => words.add(word));

const file = parse(readFileSync(process.argv[2], "utf8"));
const graph = new Graph(document.createElement("div"));
const model = graph.getDataModel();
const xml = new window.XMLSerializer().serializeToString(file.getElementsByTagName("mxGraphModel")[0]);
new ModelXmlSerializer(model).import(xml);
// As draw.io has it: cells may be moved out of their container.
graph.constrainChildren = false;
// Places on the page need no painting.
graph.view.rendering = false;
graph.view.validate();

// A stencil, checked by drawing it: its name, and how many shapes come out.
const stencils = new Map();
function stencil(packed) {
  if (!stencils.has(packed)) {
    const text = decodeURIComponent(inflateRawSync(Buffer.from(packed, "base64")).toString("latin1"));
    const shape = parse(text).documentElement;
    const unknown = [...shape.getElementsByTagName("*")].map((e) => e.nodeName).filter((name) => !words.has(name));
    const canvas = new XmlCanvas2D(document.createElementNS("", "canvas"));
    new StencilShape(shape).drawShape(canvas, new Shape(), 0, 0, 100, 100);
    const drawn = [...canvas.root.childNodes].filter((e) => /^(fill|stroke|fillstroke)$/i.test(e.nodeName)).length;
    stencils.set(packed, { unknown: [...new Set(unknown)], drawn });
  }
  return stencils.get(packed);
}

// Words of a style that nobody knows, and what its stencil comes to.
function drawing(style) {
  const unknown = (style.baseStyleNames ?? []).filter((name) => name !== "text");
  // maxGraph takes a value to end at the first `=`, with which base64 is filled up; draw.io does not.
  const packed = /^stencil\(([^)]+)/.exec(style.shape ?? "")?.[1];
  if (style.shape && !packed && !ShapeRegistry.get(style.shape)) unknown.push(style.shape);
  if (style.perimeter && !PerimeterRegistry.get(style.perimeter)) unknown.push(style.perimeter);
  if (style.edgeStyle && style.edgeStyle !== "none" && !EdgeStyleRegistry.get(style.edgeStyle)) {
    unknown.push(style.edgeStyle);
  }
  for (const arrow of [style.startArrow, style.endArrow]) {
    if (arrow && arrow !== "none" && !EdgeMarkerRegistry.get(arrow)) unknown.push(arrow);
  }
  return packed ? { unknown: [...unknown, ...stencil(packed).unknown], drawn: stencil(packed).drawn } : { unknown };
}

// Cells in the order in which they are painted.
const painted = new Map();
(function walk(cell) {
  painted.set(cell.id, painted.size);
  cell.children.forEach(walk);
})(model.getRoot());

const cells = Object.values(model.cells).filter((cell) => cell.isVertex() || cell.isEdge()).map((cell) => {
  const state = graph.view.getState(cell);
  return {
    id: cell.id,
    kind: cell.isEdge() ? "edge" : "vertex",
    parent: cell.parent.id,
    source: cell.source?.id,
    target: cell.target?.id,
    rect: state && cell.isVertex() ? [state.x, state.y, state.width, state.height] : undefined,
    points: state?.absolutePoints?.map((p) => [p.x, p.y]),
    words: state && cell.isEdge() ? [state.absoluteOffset.x, state.absoluteOffset.y] : undefined,
    painted: painted.get(cell.id),
    label: cell.value?.getAttribute ? cell.value.getAttribute("label") : cell.value,
    arn: cell.value?.getAttribute?.("arn") ?? undefined,
    ...drawing(cell.style),
  };
});
// What stays behind when a cell is moved as a user moves it: cells inside of it, ends of its lines.
function strays(cell) {
  const inside = [];
  (function walk(parent) {
    parent.children.forEach((child) => { inside.push(child); walk(child); });
  })(cell);
  const place = (moved) => {
    const state = graph.view.getState(moved);
    return [state.x, state.y];
  };
  const end = (edge) => {
    const points = graph.view.getState(edge).absolutePoints;
    const point = edge.source === cell ? points[0] : points.at(-1);
    return [point.x, point.y];
  };
  const things = inside.filter((child) => child.isVertex()).map((child) => [child.id, () => place(child)]);
  const ends = cell.edges.filter((edge) => edge.source !== edge.target).map((edge) => [edge.id, () => end(edge)]);
  const before = [...things, ...ends].map(([id, at]) => [id, at, at()]);
  graph.moveCells([cell], 40, 20);
  graph.view.validate();
  const stray = before.filter(([, at, [x, y]]) => Math.hypot(at()[0] - x - 40, at()[1] - y - 20) > 1);
  graph.moveCells([cell], -40, -20);
  graph.view.validate();
  return stray.map(([id]) => id);
}
const byId = new Map(cells.map((cell) => [cell.id, cell]));
for (const cell of Object.values(model.cells)) {
  if (cell.isVertex() && (cell.children.length || cell.edges.length)) byId.get(cell.id).strays = strays(cell);
}

// The window's timers would keep the process; a pipe takes its time.
process.stdout.write(JSON.stringify(cells), () => process.exit(0));
