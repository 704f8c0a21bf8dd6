// One connection to the server for a set of topics: a stream of changes, or questions every few seconds where the
// server has no connection free. `seen` is a Map from topic to the version known; it is read anew at each try.

const POLL = 5000;
const RETRY_STREAM = 60000;
const AGAIN = 1000;

function address(path, seen) {
  const topics = [...seen.keys()].map(encodeURIComponent).join(",");
  return `${path}?topics=${topics}&since=${[...seen.values()].join(",")}`;
}

/** Listens until the function it returns is called; `heard` gets {topic: version} of each change. */
export function connect(seen, heard) {
  let source;
  let timer;
  let failures = 0;
  let closed = false;

  const later = (work, delay) => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(work, delay * (0.8 + 0.4 * Math.random()));
  };

  const poll = async (until) => {
    try {
      const answer = await fetch(address("/live/changes", seen), { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.redirected) return;
      if (answer.ok && !closed) heard(await answer.json());
    } catch {
      // the network is away: the next round tries again
    }
    later(Date.now() > until ? listen : () => poll(until), POLL);
  };

  const listen = () => {
    source = new EventSource(address("/live", seen));
    let opened = false;
    source.addEventListener("open", () => {
      opened = true;
      failures = 0;
    });
    source.addEventListener("change", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      source.close();
      failures = opened ? 0 : failures + 1;
      if (opened) later(listen, AGAIN);
      else if (failures > 1) poll(Date.now() + RETRY_STREAM);
      else later(listen, AGAIN * 2 ** failures);
    });
  };

  listen();
  return () => {
    closed = true;
    clearTimeout(timer);
    source?.close();
  };
}
