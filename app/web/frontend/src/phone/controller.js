// The phone's panel on the desk. It draws what machine.js says and does what it wants, by SIP in this browser
// (data-wss) or, for a telephone of its own, through the server. data-phone-*: address of the server's answers.
import htmx from "htmx.org";
import { ask } from "../dialogs.js";
import { csrfToken } from "../requests.js";
import { text } from "../texts.js";
import { addShortcut } from "../controllers/shortcuts.js";
import { toast } from "../controllers/toast.js";
import { answerTabs, askPhone, take } from "./alone.js";
import { allowed, busy, current, initial, next, waiting } from "./machine.js";
import * as sound from "./sound.js";

const KEYS = { F2: "answer", F4: "hang", F8: "hold", F9: "mute" };
const SAVE_AFTER = 1500; // ms until the switch has told the server of a change

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export default function phone(panel) {
  const own = panel.dataset.kind === "telephone";
  const at = (name) => panel.querySelector(`[data-phone-${name}]`);
  const all = (name) => [...panel.querySelectorAll(`[data-phone-${name}]`)];
  const seat = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2, 10)}`;
  const title = document.title;
  let state = { ...initial, line: own ? "ready" : "off" };
  let here = { status: "off", reason: "", seconds: 0, wrap: 0, call: null };
  let heardAt = Date.now();
  let sip;
  let release;
  let taken = "";
  let gone = false;

  // The server

  const send = async (address, values, method = "POST") => {
    const body = new URLSearchParams(values);
    const response = await fetch(address, {
      method,
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      ...(method === "GET" ? {} : { body }),
    });
    const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
    if (!response.ok) throw Object.assign(new Error(answer.message ?? text("network_gone")), { code: answer.code ?? "" });
    return answer;
  };
  const said = (error) => toast(error.message || text("network_gone"), "error");
  const credentials = (renew) => send(panel.dataset.signIn, { seat, ...(renew ? { renew: 1 } : {}) });
  const look = async () => {
    try {
      known(await send(panel.dataset.state, {}, "GET"));
    } catch {
      // asked again at the next change
    }
  };
  const known = (answer) => {
    const before = here.call;
    here = answer;
    heardAt = Date.now();
    if (own) follow(before, here.call);
    draw();
  };

  /** A telephone of its own: its calls are told by the switch. */
  const follow = (before, call) => {
    if (before && (!call || call.ref !== before.ref)) tell({ type: "ended", id: before.ref });
    if (!call) return;
    if (!state.calls.some((one) => one.id === call.ref)) {
      tell({ type: "incoming", id: call.ref, number: call.number, ref: call.ref });
    }
    const shown = state.calls.find((one) => one.id === call.ref);
    if (call.talking && shown?.state === "ringing") {
      tell({ type: "answered", id: call.ref, at: Date.now() - call.seconds * 1000 });
    }
  };

  // The machine

  function tell(event) {
    const result = next(state, event);
    state = result.state;
    draw();
    result.acts.forEach(does);
  }

  function does(wanted) {
    if (wanted.act in effects) return void effects[wanted.act](wanted);
    if (own) return void through(wanted);
    Promise.resolve(sip?.does(wanted)).catch(() => toast(text("phone_failed"), "error"));
  }

  /** What the server does for a telephone of its own. */
  function through(wanted) {
    const acts = { hang: "hangup", hold: "hold", unhold: "hold", refer: "transfer" };
    if (wanted.act === "call") return;
    if (!(wanted.act in acts)) return;
    send(panel.dataset.act, { act: acts[wanted.act], number: wanted.number ?? "" }).then(
      () => {
        if (wanted.act === "hold" || wanted.act === "unhold") tell({ type: "held", id: wanted.id, held: wanted.act === "hold" });
        setTimeout(look, SAVE_AFTER);
      },
      (error) => {
        if (wanted.act === "refer") tell({ type: "referred", id: wanted.id, done: false });
        said(error);
      },
    );
  }

  const effects = {
    ring: () => {
      if (!own) sound.ring();
      document.title = `☎ ${title}`;
    },
    ringback: () => sound.ring(0.15),
    quiet: () => {
      sound.quiet();
      document.title = title;
    },
    preview: async ({ number, ref }) => {
      const target = at("caller");
      const query = new URLSearchParams({ number, ref });
      const response = await fetch(`${panel.dataset.caller}?${query}`).catch(() => undefined);
      const shown = response?.ok ? await response.text() : "";
      if (!shown || current(state)?.state !== "ringing") return; // answered meanwhile: the desk shows it
      target.innerHTML = shown;
      target.hidden = false;
    },
    forget: () => forget(),
    tell: ({ number, ref, way }) => {
      forget();
      htmx.ajax("POST", panel.dataset.call, {
        source: panel,
        swap: "none",
        values: { number, call_ref: ref, direction: way === "out" ? "outbound" : "inbound" },
      });
    },
    note: ({ note, why = "" }) => toast(`${text(`phone_${note}`)} ${reason(why)}`, "error"),
    over: () => {
      forget();
      setTimeout(look, SAVE_AFTER);
    },
  };

  /** A cause as JsSIP says it, in the reader's words. */
  function reason(why) {
    const key = `phone_why_${why}`;
    const words = text(key);
    return words === key ? why : words;
  }

  function forget() {
    at("caller").hidden = true;
    at("caller").replaceChildren();
  }

  // Acts of the reader

  const number = () => at("number").value.replace(/[\s()-]/g, "");

  async function dial(wanted, urgent = false) {
    if (!wanted || !allowed(state).has("dial")) return;
    try {
      const answer = await send(panel.dataset.dial, { number: wanted, ...(urgent ? { urgent: 1 } : {}) });
      at("number").value = "";
      if (own) toast(text("phone_pick_up"), "info");
      else tell({ type: "dial", number: answer.number });
    } catch (error) {
      if (error.code !== "quiet_hours") return said(error);
      if (await ask(error.message, { ok: text("phone_call_anyway") })) dial(wanted, true);
    }
  }

  async function status(wanted, reason = "") {
    try {
      known(await send(panel.dataset.status, { status: wanted, reason }));
    } catch (error) {
      said(error);
      draw();
    }
  }

  function press(act) {
    if (!allowed(state).has(act)) return;
    if (act === "dial") return void dial(number());
    if (act === "transfer" || act === "consult") {
      if (!number()) return at("number").focus();
      tell({ type: act, number: number() });
      at("number").value = "";
      return;
    }
    tell({ type: act });
  }

  const click = (event) => {
    const button = event.target.closest("[data-phone-act], [data-phone-key], [data-phone-status], [data-phone-here]");
    if (!button || button.disabled) return;
    if (button.dataset.phoneAct) press(button.dataset.phoneAct);
    if (button.dataset.phoneKey) tell({ type: "keys", keys: button.dataset.phoneKey });
    if (button.dataset.phoneStatus) status(button.dataset.phoneStatus, button.dataset.phoneReason);
    if ("phoneHere" in button.dataset) takeOver();
    button.closest("details")?.removeAttribute("open");
  };
  const key = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const act = KEYS[event.key];
    if (act && allowed(state).has(act)) {
      event.preventDefault();
      press(act);
    } else if (event.key === "Enter" && event.target === at("number")) {
      event.preventDefault();
      press(busy(state) ? "transfer" : "dial");
    } else if (/^[0-9*#]$/.test(event.key) && allowed(state).has("keys") && event.target.closest("[data-phone-pad]")) {
      tell({ type: "keys", keys: event.key });
    }
  };

  // Drawing

  function draw() {
    const may = allowed(state);
    const call = current(state);
    const first = waiting(state);
    panel.dataset.line = taken === "other" ? "elsewhere" : state.line;
    panel.dataset.busy = call ? call.state : "";
    at("line").textContent = text(`phone_line_${panel.dataset.line}`);
    at("here").hidden = !(taken === "other" || state.line === "elsewhere" || state.line === "refused");
    all("act").forEach((button) => {
      const act = button.dataset.phoneAct;
      button.hidden = !may.has(act) || (own && ["answer", "mute", "consult", "join", "part", "complete"].includes(act));
    });
    all("needs-call").forEach((element) => {
      element.hidden = !may.has("keys") || own;
    });
    at("number").disabled = !["dial", "transfer", "consult"].some((act) => may.has(act));
    at("now").textContent = call ? [call.number || text("phone_withheld"), call.name].filter(Boolean).join(" ") : "";
    at("doing").textContent = call ? text(own && call.state === "ringing" ? "phone_pick_up" : state.joined ? "phone_joined" : `phone_${call.state}`) : "";
    at("first").textContent = first ? text("phone_waits", { number: first.number || text("phone_withheld") }) : "";
    toggle("mute", call?.muted);
    toggle("hold", call?.state === "held");
    at("standing").dataset.status = here.status;
    at("status-word").textContent = here.wrap && here.status === "ready" ? text("phone_wrap") : here.reason || text(`phone_status_${here.status}`);
    tick();
  }

  function toggle(act, on) {
    const button = panel.querySelector(`[data-phone-act="${act}"]`);
    button.setAttribute("aria-pressed", String(Boolean(on)));
    button.querySelector("span").textContent = on ? button.dataset.on : button.dataset.off;
  }

  function tick() {
    const call = current(state);
    at("time").textContent = call?.since ? clock((Date.now() - call.since) / 1000) : "";
    const passed = (Date.now() - heardAt) / 1000;
    const left = here.wrap - passed;
    if (here.wrap && left <= 0) {
      here = { ...here, wrap: 0, seconds: 0 };
      heardAt = Date.now();
      return draw();
    }
    at("status-time").textContent = here.wrap ? clock(left) : here.status === "off" ? "" : clock(here.seconds + passed);
  }

  // Devices

  async function listDevices() {
    if (own || !navigator.mediaDevices) return;
    const { microphones, speakers } = await sound.devices();
    for (const [name, list] of [["microphone", microphones], ["speaker", speakers]]) {
      const select = at(name);
      select.replaceChildren(new Option(text("phone_default_device"), ""), ...list.map((one) => new Option(one.label || one.deviceId.slice(0, 8), one.deviceId)));
      select.value = sound.choices[name] ?? "";
    }
    at("volume").value = sound.choices.volume;
    at("ring").value = sound.choices.ring;
  }
  const chosen = (event) => {
    const name = ["microphone", "speaker", "volume", "ring"].find((one) => event.target === at(one));
    if (name) sound.choose({ [name]: event.target.value });
  };

  // One phone a browser, from opening to leaving

  function start() {
    taken = "";
    sip.start().catch((error) => {
      tell({ type: "line", line: "refused" });
      said(error);
    });
  }
  async function begin(steal = false) {
    const { line } = await import("./sip.js");
    if (gone) return;
    sip = line({ wss: panel.dataset.wss, credentials, told: tell, failed: (why) => toast(text(`phone_${why}`), "error") });
    const mine = await take({
      steal,
      have: (letGo) => {
        release = letGo;
        start();
      },
      lost: () => {
        sip?.leave();
        taken = "other";
        draw();
      },
    });
    if (!mine) taken = "other";
    draw();
  }
  async function takeOver() {
    const answer = await askPhone({ busy: true });
    if (answer?.busy) return toast(text("phone_busy_elsewhere"), "error");
    sip?.leave();
    release?.();
    release = undefined;
    tell({ type: "line", line: "off" });
    begin(true);
  }
  const stopAnswering = answerTabs((question) => {
    if (taken === "other" || (!own && state.line !== "ready")) return undefined;
    if (question.busy) return { busy: busy(state) };
    if (question.dial) {
      dial(question.dial);
      return { dialling: allowed(state).has("dial") };
    }
    return undefined;
  });
  const leaving = (event) => {
    if (busy(state)) event.preventDefault();
  };
  const left = () => {
    if (own || taken === "other" || state.line === "elsewhere") return;
    navigator.sendBeacon(panel.dataset.left, new URLSearchParams({ seat, csrf_token: csrfToken() }));
    sip?.leave();
  };
  const shown = (event) => event.persisted && location.reload(); // come back to by the browser's own memory

  const changed = (event) => panel.dataset.topic in event.detail && look();
  const ticking = setInterval(tick, 1000);
  const unlock = () => sound.unlock();
  panel.addEventListener("click", click);
  panel.addEventListener("change", chosen);
  at("settings")?.addEventListener("toggle", listDevices);
  document.addEventListener("keydown", key, true);
  document.addEventListener("pointerdown", unlock, { once: true });
  document.addEventListener("keydown", unlock, { once: true });
  document.addEventListener("lightline:changed", changed);
  window.addEventListener("beforeunload", leaving);
  window.addEventListener("pagehide", left);
  window.addEventListener("pageshow", shown);
  const shortcuts = Object.entries(KEYS).map(([name, act]) => {
    const button = panel.querySelector(`[data-phone-act="${act}"]`);
    return addShortcut(name, button.dataset.off ?? button.textContent.trim(), () => press(act));
  });
  look();
  draw();
  if (!own) {
    if (navigator.locks && navigator.mediaDevices) begin();
    else {
      state = { ...state, line: "refused" };
      draw();
      toast(text("phone_needs_https"), "error");
    }
  }
  return () => {
    gone = true;
    left();
    clearInterval(ticking);
    shortcuts.forEach((remove) => remove());
    stopAnswering();
    document.removeEventListener("keydown", key, true);
    document.removeEventListener("lightline:changed", changed);
    window.removeEventListener("beforeunload", leaving);
    window.removeEventListener("pagehide", left);
    window.removeEventListener("pageshow", shown);
  };
}
