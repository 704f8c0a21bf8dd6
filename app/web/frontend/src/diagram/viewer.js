// A process diagram with the token on it: bpmn-js, with the waiting, done and failed elements marked.
// data-url answers {"xml", "active": {element: n} or [element], "completed": [...], "incidents": [...], "marks": {...}}
// (marks.js); data-stylesheet is its CSS.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { addStylesheet } from "../stylesheet.js";
import { lines, paint } from "./marks.js";

const list = (found) => (Array.isArray(found) ? found : Object.keys(found ?? {}));
const count = (found, id) => (Array.isArray(found) ? 1 : found[id]);

function mark(viewer, ids, name) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const id of ids) if (registry.get(id)) canvas.addMarker(id, name);
}

/** A sequence flow was taken when both of its ends are done or waiting. */
function markFlows(viewer, reached) {
  const canvas = viewer.get("canvas");
  viewer.get("elementRegistry").forEach((element) => {
    const flow = element.type === "bpmn:SequenceFlow" && element.businessObject;
    if (flow && reached.has(flow.sourceRef?.id) && reached.has(flow.targetRef?.id)) canvas.addMarker(element.id, "is-completed");
  });
}

/** Shown at any zoom: by default bpmn-js hides what lies over a diagram seen from afar. */
function token(viewer, id, words, name) {
  const element = viewer.get("elementRegistry").get(id);
  if (!element || element.waypoints) return;
  const badge = document.createElement("div");
  badge.className = `diagram-token ${name}`;
  badge.textContent = words;
  viewer.get("overlays").add(id, { position: { top: -12, right: 12 }, html: badge, show: { minZoom: 0 } });
}

function describe(viewer, root, state, texts) {
  const registry = viewer.get("elementRegistry");
  const named = (id, words) => {
    const element = registry.get(id);
    const line = document.createElement("li");
    line.textContent = `${element?.businessObject?.name || id}: ${words}`;
    return line;
  };
  const isStep = (id) => registry.get(id) && !registry.get(id).waypoints;
  root.querySelector(".diagram-list ul").replaceChildren(
    ...list(state.incidents).map((id) => named(id, texts.incident)),
    ...list(state.active).map((id) => named(id, texts.active)),
    ...list(state.completed).filter(isStep).map((id) => named(id, texts.completed)),
    ...lines(state.marks ?? {}).map(([id, words]) => named(id, words)),
  );
}

/** A canvas in a closed fold or a hidden tab has no size, and nothing can be fitted to it. */
function hasSize(root) {
  const canvas = root.querySelector(".diagram-canvas");
  return canvas.clientWidth > 0 && canvas.clientHeight > 0;
}

/** Where a process is wide, the token is worth more than the whole: zoom no further out than half size. */
function fit(viewer, active) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const inSight = (element) => element && canvas.findRoot(element) === canvas.getRootElement(); // not within a folded part
  const element = active.map((id) => viewer.get("elementRegistry").get(id)).find(inSight);
  if (canvas.zoom() < 0.5 && element) {
    canvas.zoom(0.7);
    canvas.scrollToElement(element, 60);
  }
}

async function show(root) {
  const { dataset } = root;
  const [answer] = await Promise.all([
    fetch(dataset.url, { headers: { Accept: "application/json" } }),
    dataset.stylesheet && addStylesheet(dataset.stylesheet),
  ]);
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  const state = await answer.json();
  const viewer = new NavigatedViewer({ container: root.querySelector(".diagram-canvas") });
  await viewer.importXML(state.xml);
  mark(viewer, list(state.completed), "is-completed");
  mark(viewer, list(state.active), "is-active");
  mark(viewer, list(state.incidents), "is-incident");
  markFlows(viewer, new Set([...list(state.completed), ...list(state.active)]));
  for (const id of list(state.active)) token(viewer, id, count(state.active, id), "is-active");
  for (const id of list(state.incidents)) token(viewer, id, "!", "is-incident");
  paint(viewer, state.marks ?? {});
  describe(viewer, root, state, { active: dataset.textActive, completed: dataset.textCompleted, incident: dataset.textIncident });
  return { viewer, active: list(state.active) };
}

export default function diagram(root) {
  let shown;
  let width = 0;
  const resize = () => {
    if (!shown || !hasSize(root)) return;
    shown.viewer.get("canvas").resized();
    if (width !== root.clientWidth) fit(shown.viewer, shown.active);
    width = root.clientWidth;
  };
  const ready = show(root).then(
    (result) => {
      shown = result;
      resize();
    },
    () => {
      const canvas = root.querySelector(".diagram-canvas");
      canvas.innerHTML = '<p class="diagram-failed" role="alert"></p>';
      canvas.firstChild.textContent = root.dataset.textFailed;
    },
  );
  const zoom = (event) => {
    const button = event.target.closest("[data-diagram-zoom]");
    if (!button || !shown || !hasSize(root)) return;
    const kind = button.dataset.diagramZoom;
    if (kind === "fit") shown.viewer.get("canvas").zoom("fit-viewport", "auto");
    else shown.viewer.get("zoomScroll").stepZoom(kind === "in" ? 1 : -1);
  };
  const resized = new ResizeObserver(resize);
  root.addEventListener("click", zoom);
  resized.observe(root);
  return () => {
    resized.disconnect();
    root.removeEventListener("click", zoom);
    ready.then(() => shown?.viewer.destroy());
  };
}
