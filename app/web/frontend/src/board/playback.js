// Plays back a past storm on map and list. Space or p plays, comma and point step, < and > change the speed.
import { addShortcut } from "../controllers/shortcuts.js";
import { mapOf } from "./map.js";
import { curve, replay } from "./replay.js";

const STEPS = 1000;
const FRAME = 100; // ms between drawings: enough for the eye, cheap for the map
const SHOWN = 120; // rows
const TONE = { predicted: "yellow", confirmed: "red", partially_restored: "yellow", restored: "green", verifying: "green" };

export default function playback(root) {
  const find = (selector) => root.querySelector(selector);
  const slider = find("[data-playback-at]");
  const speed = find("[data-playback-speed]");
  const statuses = JSON.parse(root.dataset.statuses);
  const format = new Intl.DateTimeFormat(root.dataset.locale, { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const short = new Intl.DateTimeFormat(root.dataset.locale, { timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false });
  let data;
  let states;
  let outages;
  let map;
  let at = 0;
  let timer;

  const fail = (words) => {
    const note = find("[data-playback-error]");
    note.textContent = words;
    note.hidden = false;
  };
  const sum = (name, value) => (find(`[data-playback-sum=${name}]`).textContent = value);

  const crewsAt = (instant) => {
    const where = new Map();
    for (const [ms, id, name, lat, lon] of data.crews) {
      if (ms > instant) break;
      where.set(id, [id, name, lat, lon, "", instant - ms > 1200000]);
    }
    return [...where.values()];
  };

  const cells = (row, values) => {
    const names = [...find("thead").querySelectorAll("th")].map((head) => head.textContent);
    values.forEach((value, index) => {
      const cell = row.insertCell();
      cell.dataset.label = names[index];
      if (index === 0) {
        const link = document.createElement("a");
        link.href = `/outages/${value}`;
        link.textContent = value;
        cell.append(link);
      } else cell.textContent = value;
      if (index === 3 || index === 4) cell.className = "number";
    });
  };

  const draw = () => {
    const state = states.to(at);
    const rows = [...state].map(([id, one]) => ({ id, ...one, fixed: outages.get(id) })).filter((one) => one.fixed);
    rows.sort((one, two) => two.fixed.important - one.fixed.important || two.out - one.out || one.id - two.id);
    sum("outages", rows.length);
    sum("out", rows.reduce((total, one) => total + one.out, 0));
    sum("calls", rows.reduce((total, one) => total + one.calls, 0));
    sum("important", rows.filter((one) => one.fixed.important).length);
    const body = find("[data-playback-rows]");
    body.replaceChildren();
    if (rows.length === 0) {
      const cell = body.insertRow().insertCell();
      cell.colSpan = 7;
      cell.className = "text-secondary";
      cell.textContent = root.dataset.textCalm;
    }
    for (const one of rows.slice(0, SHOWN)) {
      const row = body.insertRow();
      cells(row, [one.fixed.number, one.fixed.device, statuses[one.status] ?? one.status, one.out, one.calls, one.etr ? short.format(one.etr) : "–", one.crew]);
    }
    map.follow(
      rows.filter((one) => one.fixed.lat !== null).map((one) => [one.id, one.fixed.lat, one.fixed.lon, one.out, TONE[one.status] ?? "orange", one.fixed.number, one.fixed.device]),
      crewsAt(at),
    );
    find("[data-playback-shown]").textContent = format.format(at);
    const share = (at - data.since) / (data.until - data.since);
    slider.value = Math.round(share * STEPS);
    slider.setAttribute("aria-valuetext", format.format(at));
    const hand = find("[data-playback-hand]");
    hand.setAttribute("x1", share * 1000);
    hand.setAttribute("x2", share * 1000);
  };

  const go = (instant) => {
    at = Math.min(data.until, Math.max(data.since, instant));
    draw();
  };
  const pause = () => {
    clearInterval(timer);
    timer = undefined;
    find("[data-playback-play] span").textContent = root.dataset.textPlay;
  };
  const play = () => {
    if (timer) return pause();
    if (at >= data.until) at = data.since;
    find("[data-playback-play] span").textContent = root.dataset.textPause;
    timer = setInterval(() => {
      go(at + FRAME * Number(speed.value));
      if (at >= data.until) pause();
    }, FRAME);
  };
  const faster = (by) => () => {
    const place = speed.selectedIndex + by;
    if (place >= 0 && place < speed.options.length) speed.selectedIndex = place;
  };

  const load = async () => {
    const answer = await fetch(root.dataset.playback, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) return fail(told.message);
    data = told;
    if (data.outages.length === 0) fail(root.dataset.textNothing);
    outages = new Map(data.outages.map(([id, number, device, feeder, important, started, lat, lon]) => [id, { number, device, feeder, important, started, lat, lon }]));
    states = replay(data.changes);
    map = mapOf(find("[data-playback-map]"), () => {});
    const drawn = curve(data.changes, data.since, data.until, 200);
    const peak = Math.max(1, ...drawn);
    sum("peak", Math.max(0, ...drawn));
    find("[data-playback-curve]").setAttribute("d", `M0 100 ${drawn.map((value, place) => `L${place * 5} ${100 - (95 * value) / peak}`).join(" ")} L1000 100 Z`);
    go(data.since);
    slider.addEventListener("input", () => {
      pause();
      go(data.since + ((data.until - data.since) * Number(slider.value)) / STEPS);
    });
    find("[data-playback-play]").addEventListener("click", play);
    root.dataset.playbackReady = "1";
  };
  load();

  const keys = JSON.parse(root.dataset.keys);
  const actions = {
    p: () => data && play(),
    ",": () => data && (pause(), go(states.before(at) ?? data.since)),
    ".": () => data && (pause(), go(states.after(at) ?? data.until)),
    "<": faster(-1),
    ">": faster(1),
  };
  const leave = Object.entries(actions).map(([key, run]) => addShortcut(key, keys[key], run));
  return () => {
    clearInterval(timer);
    leave.forEach((undo) => undo());
  };
}
