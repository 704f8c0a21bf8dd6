// Minutes and seconds since data-since, running.
import { clock, everySecond, now } from "../time.js";

export default function elapsed(element) {
  const since = Date.parse(element.dataset.since);
  return everySecond(() => {
    const words = clock(Math.max(0, now() - since));
    if (element.textContent !== words) element.textContent = words;
  });
}
