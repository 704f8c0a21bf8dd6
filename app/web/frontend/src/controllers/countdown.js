// A limit counting down: time left, coloured by the share used; in red how far over it is.
// data-due, data-start and data-done are instants; a done limit stands still.
import { text } from "../texts.js";
import { clock, everySecond, now } from "../time.js";

function stage(used, left) {
  if (left < 0) return "over";
  if (used >= 0.8) return "hot";
  return used >= 0.5 ? "warm" : "calm";
}

export default function countdown(element) {
  const due = Date.parse(element.dataset.due);
  const start = Date.parse(element.dataset.start ?? "");
  const done = Date.parse(element.dataset.done ?? "");
  const label = document.createElement("span");
  label.className = "countdown-left";
  element.prepend(label);

  const tick = () => {
    const at = Number.isNaN(done) ? now() : done;
    const left = due - at;
    const used = Number.isNaN(start) ? 0 : (at - start) / (due - start);
    element.dataset.stage = stage(used, left);
    element.style.setProperty("--used", Math.max(0, Math.min(1, used)).toFixed(3));
    const key = Number.isNaN(done) ? (left < 0 ? "over_by" : "left") : left < 0 ? "was_over_by" : "was_in_time";
    const shown = text(key, { time: clock(left) });
    if (label.textContent !== shown) label.textContent = shown;
  };
  if (!Number.isNaN(done)) return tick();
  return everySecond(tick);
}
