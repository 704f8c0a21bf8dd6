// Adds the age to a time: `03-02 09:00 · 5 min ago`.
import { age, everySecond, now } from "../time.js";

export default function ago(element) {
  const at = Date.parse(element.getAttribute("datetime"));
  const label = document.createElement("span");
  label.className = "when-age";
  element.append(label);
  return everySecond(() => {
    const words = age(now() - at);
    const shown = words && ` · ${words}`;
    if (label.textContent !== shown) label.textContent = shown;
  });
}
