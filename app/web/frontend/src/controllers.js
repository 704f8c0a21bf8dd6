// Hangs behaviours on elements: `data-controller="name other"` calls each registered function with the element.
// A controller may return a function that is called when the element leaves the page.

const known = new Map();
const connected = new WeakMap();

/** Register `connect(element) -> disconnect | undefined`. */
export function register(name, connect) {
  known.set(name, connect);
}

/** Register a controller whose module is loaded when the first element asks for it. */
export function registerLazy(name, load) {
  known.set(name, (element) => {
    let disconnect;
    let gone = false;
    load().then((module) => {
      if (!gone) disconnect = module.default(element);
    });
    return () => {
      gone = true;
      disconnect?.();
    };
  });
}

function connect(element) {
  if (connected.has(element)) return;
  const names = element.dataset.controller.split(/\s+/).filter((name) => known.has(name));
  connected.set(element, names.map((name) => known.get(name)(element)));
}

function disconnect(element) {
  for (const leave of connected.get(element) ?? []) leave?.();
  connected.delete(element);
}

function each(node, work) {
  if (!(node instanceof Element)) return;
  if (node.matches("[data-controller]")) work(node);
  node.querySelectorAll("[data-controller]").forEach(work);
}

/** Connect what is on the page now and what comes later. */
export function start() {
  each(document.documentElement, connect);
  new MutationObserver((changes) => {
    for (const change of changes) {
      change.removedNodes.forEach((node) => {
        if (!node.isConnected) each(node, disconnect);
      });
      change.addedNodes.forEach((node) => {
        if (node.isConnected) each(node, connect);
      });
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
}
