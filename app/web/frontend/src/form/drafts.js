// Keeps what was typed: a moment after each change, and when the page is left.
import { csrfToken } from "../requests.js";

const QUIET = 1500;

function put(url, data, keepalive) {
  return fetch(url, {
    method: "PUT",
    keepalive,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(data),
  });
}

function warn(event) {
  event.preventDefault();
}

/** Begin keeping drafts of this page's form; without an address for them, warn before leaving instead. */
export function keepDrafts({ root, form, say, t }) {
  const url = root.dataset.draftUrl;
  let timer;
  let changed = false;
  let paused = false;

  const values = () => form._getSubmitData();
  const save = async () => {
    changed = false;
    try {
      const answer = await put(url, values(), false);
      if (!answer.ok) throw new Error(String(answer.status));
      say(t("saved", { time: new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false }) }));
    } catch {
      changed = true;
      say(t("save_failed"));
    }
  };
  const soon = () => {
    changed = true;
    if (!url) return window.addEventListener("beforeunload", warn);
    clearTimeout(timer);
    if (!paused) timer = setTimeout(save, QUIET);
  };
  const leave = () => {
    if (url && changed && !paused) put(url, values(), true);
  };
  form.on("field.updated", soon);
  window.addEventListener("pagehide", leave);
  return {
    pause() {
      paused = true;
      clearTimeout(timer);
    },
    resume() {
      paused = false;
      if (changed && url) soon();
    },
    stop() {
      paused = true;
      clearTimeout(timer);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("beforeunload", warn);
    },
  };
}
