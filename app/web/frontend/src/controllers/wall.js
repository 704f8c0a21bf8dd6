// The wall display: pages take turns, content follows what happens, a lost connection is told, and every night the page
// loads itself anew (a new version of the system, a browser's leaks). What was shown stays while nobody answers.
import { now } from "../time.js";

const MINUTE = 60000;
const NIGHT = 4; // o'clock, when least is going on
const ZONE = "Asia/Shanghai";

export default function wall(body) {
  const find = (selector) => body.querySelector(selector);
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: ZONE, weekday: "short", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false });
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hour12: false });
  const hour = new Intl.DateTimeFormat("en", { timeZone: ZONE, hour: "numeric", hour12: false });
  const began = now();
  let shown = 0;
  let since;
  let running = false;
  let again = false;

  const turn = (step) => {
    const pages = [...body.querySelectorAll("[data-wall-page]")];
    if (pages.length) shown = (shown + step) % pages.length;
    pages.forEach((page, place) => (page.hidden = place !== shown));
    find("[data-wall-place]").textContent = pages.length > 1 ? `${shown + 1} / ${pages.length}` : "";
  };
  const lost = (gone) => {
    since = gone ? since ?? now() : undefined;
    find("[data-wall-gone]").hidden = !since;
    if (since) find("[data-wall-since]").textContent = time.format(since);
  };
  const follow = async () => {
    if (running) return void (again = true);
    running = true;
    do {
      again = false;
      try {
        const answer = await fetch(body.dataset.content);
        if (answer.redirected || answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        find("[data-wall-content]").innerHTML = await answer.text();
        find("[data-wall-asof]").textContent = time.format(now());
        turn(0);
        lost(false);
      } catch {
        lost(true);
      }
    } while (again);
    running = false;
  };
  const tick = () => {
    find("[data-wall-clock]").textContent = clock.format(now());
    const late = now() - began > 2 * 60 * MINUTE && Number(hour.format(now())) === NIGHT;
    if (late && !since) location.reload();
  };

  find("[data-wall-asof]").textContent = time.format(now());
  turn(0);
  tick();
  document.addEventListener("lightline:changed", follow);
  const timers = [setInterval(() => turn(1), Number(body.dataset.turn) * 1000), setInterval(follow, MINUTE), setInterval(tick, 1000)];
  return () => {
    timers.forEach(clearInterval);
    document.removeEventListener("lightline:changed", follow);
  };
}
