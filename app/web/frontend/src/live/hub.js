// All that a page listens to, over one connection: a browser gives a host six of them, and each costs the server a
// thread. The connection is given up while nobody sees the page; shown again, it asks from the versions last seen on,
// so that no change is lost. Tabs do not share one: only those in sight have any.
import { connect } from "./connection.js";

const seen = new Map(); // topic -> the version known
const watchers = new Map(); // topic -> how many ask for it
const listeners = new Set();
let connected = "";
let close;
let settling;

function heard(changed) {
  const news = Object.entries(changed).filter(([topic, version]) => version > (seen.get(topic) ?? 0));
  if (news.length === 0) return;
  for (const [topic, version] of news) seen.set(topic, version);
  listeners.forEach((listener) => listener(Object.fromEntries(news)));
}

function disconnect() {
  close?.();
  close = undefined;
  connected = "";
}

/** Connects anew only where the topics are others than before: a piece that replaces itself changes nothing. */
function settle() {
  settling = undefined;
  for (const topic of seen.keys()) if (!watchers.has(topic)) seen.delete(topic);
  const wanted = document.visibilityState === "hidden" ? "" : [...watchers.keys()].sort().join(",");
  if (wanted === connected) return;
  disconnect();
  if (!wanted) return;
  connected = wanted;
  close = connect(seen, heard);
}

function later() {
  settling ??= setTimeout(settle, 0);
}

/** Listens to topics from a version on; returns how to stop. */
export function watch(topics, since) {
  for (const topic of topics) {
    watchers.set(topic, (watchers.get(topic) ?? 0) + 1);
    if (!seen.has(topic)) seen.set(topic, since);
  }
  later();
  return () => {
    for (const topic of topics) {
      const left = watchers.get(topic) - 1;
      if (left) watchers.set(topic, left);
      else watchers.delete(topic);
    }
    later();
  };
}

/** Calls back with {topic: version} whenever something changed. */
export function onChange(listener) {
  listeners.add(listener);
}

document.addEventListener("visibilitychange", settle);
window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", (event) => event.persisted && settle());
