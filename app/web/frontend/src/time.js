// The server's time and readable spans of it. A wrong clock of this device does not matter.
import { text } from "./texts.js";

const told = Date.parse(document.querySelector('meta[name="server-time"]')?.content ?? "");
const offset = Number.isNaN(told) ? 0 : told - Date.now();
const watchers = new Set();

/** Milliseconds since 1970 as the server counts them. */
export const now = () => Date.now() + offset;

setInterval(() => {
  if (!document.hidden) for (const tick of watchers) tick();
}, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) for (const tick of watchers) tick();
});

/** Call `tick` every second while the page is seen; returns how to stop it. */
export function everySecond(tick) {
  watchers.add(tick);
  tick();
  return () => watchers.delete(tick);
}

const two = (number) => String(number).padStart(2, "0");

/** `12:34`, `3:12:34`, or days and hours from one day on. */
export function clock(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return text("days_hours", { days, hours });
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How long ago that was: `25 min`, `3 h 05 min`, days and hours from one day on. */
export function elapsed(instant) {
  const minutes = Math.max(0, Math.floor((now() - Date.parse(instant)) / 60000));
  if (minutes < 60) return text("span_minutes", { minutes });
  if (minutes < 1440) return text("span_hours", { hours: Math.floor(minutes / 60), minutes: two(minutes % 60) });
  return text("days_hours", { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60) });
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`; "" for the future and for more than 30 days. */
export function age(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 0 || minutes > 43200) return "";
  if (minutes < 1) return text("just_now");
  if (minutes < 60) return text("minutes_ago", { n: minutes });
  if (minutes < 1440) return text("hours_ago", { n: Math.floor(minutes / 60) });
  return text("days_ago", { n: Math.floor(minutes / 1440) });
}
