// Elements painted by what a page says of them: {id: {name, badge, words}}; `name` is the class `is-<name>`,
// `badge` a short text on the element, `words` the line in the list below the diagram.
export function paint(viewer, marks) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [id, { name, badge }] of Object.entries(marks)) {
    const element = registry.get(id);
    if (!element) continue;
    if (name) canvas.addMarker(id, `is-${name}`);
    if (badge && !element.waypoints) put(viewer, id, badge, name);
    for (const folded of around(registry, element)) if (!marks[folded]) canvas.addMarker(folded, "is-inside");
  }
}

/** The folded subprocesses an element lies in, inner first: on the plane of each, another drawing shows it. */
function* around(registry, element) {
  let root = element;
  while (root.parent) root = root.parent;
  const folded = registry.get(root.id.replace(/_plane$/, ""));
  if (!folded || folded === root) return;
  yield folded.id;
  yield* around(registry, folded);
}

function put(viewer, id, words, name) {
  const badge = document.createElement("div");
  badge.className = `diagram-badge is-${name}`;
  badge.textContent = words;
  viewer.get("overlays").add(id, { position: { top: -10, left: 4 }, html: badge, show: { minZoom: 0 } });
}

/** Lines of the list: what each mark says, in words. */
export function lines(marks) {
  return Object.entries(marks).filter(([, { words }]) => words).map(([id, { words }]) => [id, words]);
}
