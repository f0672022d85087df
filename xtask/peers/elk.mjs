// ELK layered on a neutral graph: node elk.mjs GRAPH.json PLACED.json (run where elkjs is installed).
// Lines may lead from and to containers; hierarchy is laid out as a whole.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const ELK = require("elkjs");
const [input, output] = process.argv.slice(2);
const graph = JSON.parse(readFileSync(input));
const nodes = new Map(graph.nodes.map((n) => [n.id, { id: n.id, children: [] }]));
const root = { id: "root", children: [], edges: [], layoutOptions: {
  "elk.algorithm": "layered", "elk.direction": "RIGHT", "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN" } };
for (const n of graph.nodes) {
  const node = nodes.get(n.id);
  if (n.w) [node.width, node.height] = [n.w, n.h];
  (n.parent ? nodes.get(n.parent) : root).children.push(node);
}
for (const node of nodes.values()) {
  if (node.children.length) node.layoutOptions = { "elk.padding": "[top=30,left=12,bottom=12,right=12]" };
}
root.edges = graph.edges.map((e) => ({ id: e.id, sources: [e.from], targets: [e.to] }));
const placed = await new ELK().layout(root);
const at = new Map([["root", { x: 0, y: 0 }]]);
const out = { nodes: [], edges: [] };
const walk = (node, x, y) => {
  for (const child of node.children ?? []) {
    const [cx, cy] = [x + child.x, y + child.y];
    at.set(child.id, { x: cx, y: cy });
    out.nodes.push({ id: child.id, rect: [cx, cy, child.width ?? 0, child.height ?? 0] });
    walk(child, cx, cy);
  }
};
walk(placed, 0, 0);
for (const e of placed.edges ?? []) {
  const base = at.get(e.container ?? "root") ?? at.get("root");
  const points = [];
  for (const s of e.sections ?? []) {
    points.push(...[s.startPoint, ...(s.bendPoints ?? []), s.endPoint].map((p) => [p.x + base.x, p.y + base.y]));
  }
  out.edges.push({ from: e.sources[0], to: e.targets[0], points });
}
writeFileSync(output, JSON.stringify(out));
