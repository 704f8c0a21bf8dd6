// Keeps pieces of the page fresh: listens for changes of data-topics, and fires `live` at each element whose
// data-live-topic (words) holds a changed one; with `hx-trigger="live"` htmx then fetches it again.
// A piece in which somebody types waits until they leave it.
import htmx from "htmx.org";

const POLL = 5000;
const RETRY_STREAM = 60000;
const LONGEST = 30000;

function refresh(element) {
  const active = document.activeElement;
  const typing = element.contains(active) && active.matches("input:not([type=checkbox]), textarea, select");
  if (!typing) return htmx.trigger(element, "live");
  if (element.dataset.livePending) return;
  element.dataset.livePending = "1";
  active.addEventListener(
    "blur",
    () => {
      delete element.dataset.livePending;
      htmx.trigger(element, "live");
    },
    { once: true },
  );
}

function tell(changed) {
  for (const element of document.querySelectorAll("[data-live-topic]")) {
    if (element.dataset.liveTopic.split(/\s+/).some((topic) => topic in changed)) refresh(element);
  }
  document.dispatchEvent(new CustomEvent("lightline:changed", { detail: changed }));
}

export default function live(element) {
  const topics = encodeURIComponent(element.dataset.topics);
  let since = Number(element.dataset.since) || 0;
  let source;
  let timer;
  let failures = 0;
  let stopped = false;

  const address = (path) => `${path}?topics=${topics}&since=${since}`;
  const later = (work, delay) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(work, delay * (0.8 + 0.4 * Math.random()));
  };
  const heard = (changed) => {
    if (Object.keys(changed).length === 0) return;
    since = Math.max(since, ...Object.values(changed));
    tell(changed);
  };

  const poll = async (until) => {
    try {
      const answer = await fetch(address("/live/changes"), { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.redirected) return;
      if (answer.ok) heard(await answer.json());
    } catch {
      // the network is away: the next round tries again
    }
    later(Date.now() > until ? listen : () => poll(until), POLL);
  };

  const listen = () => {
    source = new EventSource(address("/live"));
    let opened = false;
    source.addEventListener("open", () => {
      opened = true;
      failures = 0;
    });
    source.addEventListener("change", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      failures = opened ? 0 : failures + 1;
      if (opened) later(listen, 1000);
      else if (failures > 1) poll(Date.now() + RETRY_STREAM);
      else later(listen, Math.min(LONGEST, 1000 * 2 ** failures));
    });
  };

  const leave = () => source?.close();
  window.addEventListener("pagehide", leave);
  listen();
  return () => {
    stopped = true;
    clearTimeout(timer);
    window.removeEventListener("pagehide", leave);
    leave();
  };
}
