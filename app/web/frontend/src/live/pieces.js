// The pieces of a page that are fetched anew: `live` is fired at each element whose data-live-topic (words) holds a
// changed topic; with `hx-trigger="live"` htmx then fetches it. A piece waits while somebody types in it, or while
// something in it matches its data-live-hold (an open form, say), so that nobody loses what they do.
import htmx from "htmx.org";
import { onChange } from "./hub.js";

const GATHER = 100; // ms: changes come in bursts
const SPREAD = 300; // ms: everybody hears of a change at once, and should not ask at once

let gathered = {};
let timer;

function isHeld(element) {
  const active = document.activeElement;
  const typing = element.contains(active) && active.matches("input:not([type=checkbox]), textarea, select");
  return typing || Boolean(element.dataset.liveHold && element.querySelector(element.dataset.liveHold));
}

function refresh(element) {
  if (!isHeld(element)) return htmx.trigger(element, "live");
  if (element.dataset.livePending) return;
  element.dataset.livePending = "1";
  const look = () =>
    setTimeout(() => {
      if (isHeld(element)) return;
      delete element.dataset.livePending;
      element.removeEventListener("focusout", look);
      element.removeEventListener("toggle", look, true);
      htmx.trigger(element, "live");
    });
  element.addEventListener("focusout", look);
  element.addEventListener("toggle", look, true);
}

// The answer may come after somebody began: then it is left, and asked for again once they are done.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (requestConfig?.triggeringEvent?.type !== "live" || !isHeld(target)) return;
  event.detail.shouldSwap = false;
  refresh(target);
});

function tell() {
  const changed = gathered;
  gathered = {};
  timer = undefined;
  for (const element of document.querySelectorAll("[data-live-topic]")) {
    if (element.dataset.liveTopic.split(/\s+/).some((topic) => topic in changed)) refresh(element);
  }
  document.dispatchEvent(new CustomEvent("lightline:changed", { detail: changed }));
}

onChange((changed) => {
  Object.assign(gathered, changed);
  timer ??= setTimeout(tell, GATHER + SPREAD * Math.random());
});
