// The dispatchers' board: rows, map, one-line diagram, crews and the chosen outage follow what happens without reload.
// Marks: data-board-rows, -filters, -totals, -open (a link that opens the panel), -tab and -part, -bar, -join; see board.html.
import htmx from "htmx.org";
import { dragging } from "../board/drag.js";
import { rowsOf } from "../board/rows.js";
import { splitting } from "../board/split.js";
import { ask } from "../dialogs.js";
import { csrfToken } from "../requests.js";
import { elapsed } from "../time.js";
import { addShortcut } from "./shortcuts.js";
import { toast } from "./toast.js";

const MINUTE = 60000; // colours follow the time, also where nothing is heard
const TOPICS = ["outages", "crews", "orders"];

export default function board(root) {
  const find = (selector) => root.querySelector(selector);
  const words = root.dataset;
  const form = find("[data-board-filters]");
  const panel = find("#board-panel");
  const line = find("[data-board-part=line]");
  const marks = JSON.parse(find("[data-board-marks]").textContent);
  let drawn; // the map, once it is loaded
  let last;
  let at = ""; // the number in the panel
  let feeder = "";
  let running = false;
  let again = false;

  const query = () => {
    const given = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...given]) if (!value) given.delete(name);
    const storm = new URLSearchParams(location.search).get("storm");
    if (storm) given.set("storm", storm);
    return given;
  };
  const get = async (address, more = {}) => {
    const given = query();
    for (const [name, value] of Object.entries(more)) given.set(name, value);
    const answer = await fetch(`${address}?${given}`, { headers: { Accept: more.ids ? "text/html" : "application/json" } });
    if (answer.redirected || answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return more.ids ? answer.text() : answer.json();
  };
  const rows = rowsOf(find("[data-board-rows]"), marks, (ids) => get(words.rows, { ids: ids.join(",") }));

  const offline = (gone) => {
    const note = find("[data-board-gone]");
    if (!gone && !note.hidden) toast(words.textChanged, "info");
    note.textContent = gone ? words.textGone : "";
    note.hidden = !gone;
  };

  /** Ask what changed and fetch that; a call meanwhile comes again afterwards. */
  const follow = async () => {
    if (running) return void (again = true);
    running = true;
    do {
      again = false;
      try {
        const answer = await get(words.data);
        if (!answer) return;
        last = answer;
        find("[data-board-totals]").innerHTML = answer.totals;
        await rows.follow(answer.rows);
        find("[data-board-empty]").hidden = answer.rows.length > 0;
        drawn?.follow(answer.points, answer.crews);
        tick();
        offline(false);
      } catch {
        offline(true);
      }
    } while (again);
    running = false;
  };

  const tick = () => {
    for (const element of root.querySelectorAll("[data-board-since]")) {
      const words = elapsed(element.dataset.boardSince);
      if (element.textContent !== words) element.textContent = words; // each write makes the list be laid out again
    }
  };

  const show = (part) => {
    root.dataset.boardShown = part;
    root.querySelectorAll("[data-board-tab]").forEach((tab) => tab.setAttribute("aria-pressed", tab.dataset.boardTab === part));
    drawn?.resized();
  };
  const isHidden = (part) => find(`[data-board-part=${part}]`).offsetParent === null;
  const reveal = (part) => {
    if (part !== "panel" && part !== "crews") return isHidden(part) && show(part);
    root.dataset.boardLower = part;
    if (isHidden(part)) show(part);
    root.querySelectorAll("[data-board-tab]").forEach((tab) => tab.setAttribute("aria-pressed", tab.dataset.boardTab === part));
  };

  const current = () => find("[data-row].is-current");
  const choose = (row) => {
    current()?.classList.remove("is-current");
    row?.classList.add("is-current");
  };

  /** The panel of an outage; `then` is a selector to focus in it. */
  const open = async (number, { then, quiet = false } = {}) => {
    at = number;
    if (!quiet) reveal("panel");
    await htmx.ajax("GET", words.panel.replace("NUMBER", number), { target: panel, swap: "innerHTML" });
    const row = [...root.querySelectorAll("[data-row]")].find((one) => one.dataset.number === number);
    if (row) drawLine(row.dataset.feeder);
    if (then) panel.querySelector(then)?.focus();
  };
  const drawLine = async (code, force = false) => {
    if (!code || (code === feeder && !force)) return;
    feeder = code;
    await htmx.ajax("GET", `${line.dataset.line}?feeder=${encodeURIComponent(code)}`, { target: line, swap: "innerHTML" });
    const mark = line.querySelector(".is-outage")?.getBoundingClientRect();
    const box = line.getBoundingClientRect();
    if (mark) line.scrollBy(mark.left - box.left - box.width / 2, mark.top - box.top - box.height / 2);
  };

  const withCurrent = (work) => () => {
    const row = current();
    if (row) work(row);
    else if (at) work({ dataset: { number: at } });
    else toast(words.textFirst, "info");
  };

  const post = async (address, values) => {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(values),
    });
    const told = await answer.json().catch(() => ({}));
    toast(told.message ?? "", answer.ok ? "success" : "error");
    follow();
    return answer.ok;
  };

  const send = async (crew, row) => {
    const { number } = row.dataset;
    const question = words.textSend.replace("{crew}", crew.dataset.crewName).replace("{number}", number);
    if (!(await ask(question, { detail: row.querySelector(".board-place")?.innerText.replace(/\s*\n\s*/g, " · ") }))) return;
    if (await post(words.send.replace("NUMBER", number), { crew: Number(crew.dataset.crew) })) open(number, { quiet: true });
  };

  const join = () => {
    const numbers = [...root.querySelectorAll("[data-row] [data-select-item]:checked")].map((box) => box.value);
    if (numbers.length < 2) return toast(words.textTwo, "info");
    reveal("panel");
    htmx.ajax("GET", `${words.panel.replace("NUMBER", numbers[0])}?join=${numbers.join(",")}`, { target: panel, swap: "innerHTML" });
  };

  const click = (event) => {
    const link = event.target.closest("[data-board-open]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(link.closest("[data-row]"));
      open(link.dataset.boardOpen);
    }
    const tab = event.target.closest("[data-board-tab]");
    if (tab) {
      const part = tab.dataset.boardTab;
      if (part === "panel" || part === "crews") root.dataset.boardLower = part;
      show(part);
    }
    if (event.target.closest("[data-board-join]")) join();
    const row = event.target.closest("[data-row]");
    if (row && !event.target.closest("a, button, input, label")) {
      choose(row);
      open(row.dataset.number);
    }
  };
  const filtered = () => {
    const given = query().toString();
    history.replaceState(null, "", given ? `?${given}` : location.pathname);
    const pane = find("#crew-pane");
    pane?.setAttribute("hx-get", `${pane.getAttribute("hx-get").split("?")[0]}?${given}`);
    if (pane) htmx.process(pane);
    follow();
  };
  let typing;
  const typed = (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(typing);
    typing = setTimeout(filtered, 300);
  };
  const submitted = (event) => {
    event.preventDefault();
    filtered();
  };
  const changed = (event) => {
    if (!TOPICS.some((topic) => topic in event.detail)) return;
    follow();
    if ("outages" in event.detail) {
      drawLine(feeder, true);
      drawn?.again();
    }
  };
  /** What was done shows at once; so does what somebody else did first, that the dispatcher decides anew. */
  const acted = (event) => {
    const { elt, successful, xhr, requestConfig } = event.detail;
    if (!elt.closest?.("#board-panel") || requestConfig.verb !== "post" || !(successful || xhr.status === 409)) return;
    follow();
    open(at, { quiet: true });
  };

  const part = find("[data-board-part=map]");
  import("../board/map.js").then(({ mapOf }) => {
    if (!root.isConnected) return;
    drawn = mapOf(part, (id) => {
      const row = rows.row(id);
      if (!row) return;
      choose(row);
      row.scrollIntoView({ block: "nearest" });
      open(row.dataset.number);
    });
    if (last) drawn.follow(last.points, last.crews);
  });
  splitting(find("[data-board-split]"), find("[data-board-bar]"));
  const leaveDrag = dragging(root, send);

  const keys = JSON.parse(words.keys);
  const actions = {
    c: withCurrent((row) => open(row.dataset.number, { then: "[data-panel-crew]" })),
    o: withCurrent((row) => open(row.dataset.number, { then: "[data-panel-confirm]" })),
    e: withCurrent((row) => open(row.dataset.number, { then: "[data-panel-etr]" })),
    v: withCurrent((row) => open(row.dataset.number, { then: "[data-panel-call]" })),
    m: join,
    z: withCurrent((row) => {
      if (isHidden("map")) show("map");
      drawn?.show(Number(row.dataset.id));
    }),
    l: withCurrent((row) => {
      if (isHidden("line")) show("line");
      drawLine(row.dataset.feeder, true);
    }),
    b: () => {
      if (isHidden("list")) show("list");
      (current() ?? find("[data-row]"))?.querySelector("[data-row-link]")?.focus();
    },
  };
  const leaveKeys = Object.entries(actions).map(([key, run]) => addShortcut(key, keys[key], run));

  root.addEventListener("click", click);
  root.addEventListener("htmx:afterRequest", acted);
  form.addEventListener("change", filtered);
  form.addEventListener("input", typed);
  form.addEventListener("submit", submitted);
  document.addEventListener("lightline:changed", changed);
  const timer = setInterval(follow, MINUTE);
  root.dataset.boardLower = "crews";
  root.dataset.boardShown = "list";
  tick();
  follow();
  return () => {
    clearInterval(timer);
    leaveDrag();
    leaveKeys.forEach((leave) => leave());
    document.removeEventListener("lightline:changed", changed);
  };
}
