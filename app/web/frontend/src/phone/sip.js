// The phone's line: JsSIP over secure WebSocket. It tells `told` the machine's events and does what the machine wants.
import JsSIP from "jssip";
import * as sound from "./sound.js";

const EXPIRES = 120; // s: a browser that is gone is forgotten by the switch within this time
const GATHER = 800; // ms to find ways through the network; a server that does not answer holds no call up
const CALL_HEADER = "X-Lightline-Call";

JsSIP.debug.disable();

/** `credentials(renew)` asks our server and resolves {extension, domain, password, seconds, ice}. */
export function line({ wss, credentials, told, failed }) {
  const sessions = new Map();
  let agent;
  let domain;
  let ice = [];
  let renewing;
  let closed = false;
  let settled = Promise.resolve(); // tracks are changed back before a hold silences them

  const renewIn = (seconds) => {
    clearTimeout(renewing);
    if (!closed) renewing = setTimeout(renew, seconds * 1000);
  };
  const renew = async () => {
    try {
      const given = await credentials(true);
      agent.set("password", given.password);
      ice = given.ice;
      renewIn(given.seconds / 2);
      return true;
    } catch (error) {
      if (error.code === "seat_taken" || error.code === "no_phone") {
        leave();
        told({ type: "line", line: error.code === "seat_taken" ? "elsewhere" : "refused" });
      } else renewIn(15);
      return false;
    }
  };

  const watch = (session, id) => {
    sessions.set(id, session);
    let gathering;
    session.on("icecandidate", ({ ready }) => {
      gathering ??= setTimeout(ready, GATHER);
    });
    session.on("peerconnection", ({ peerconnection }) => listen(peerconnection));
    if (session.connection) listen(session.connection);
    function listen(connection) {
      connection.addEventListener("track", (event) => sound.hear(id, event.streams[0] ?? new MediaStream([event.track])));
    }
    session.on("progress", ({ originator, response }) => {
      if (originator === "remote") told({ type: "early", id, sound: Boolean(response?.body) });
    });
    session.on("confirmed", () => told({ type: "answered", id, at: Date.now() }));
    session.on("hold", ({ originator }) => originator === "local" && told({ type: "held", id, held: true }));
    session.on("unhold", ({ originator }) => originator === "local" && told({ type: "held", id, held: false }));
    session.on("refer", ({ reject }) => reject()); // nobody but us sends our calls elsewhere
    session.on("getusermediafailed", () => failed("no_microphone"));
    const gone = ({ cause }) => {
      sessions.delete(id);
      sound.release(id);
      told({ type: "ended", id, why: cause });
    };
    session.on("ended", gone);
    session.on("failed", gone);
  };

  const start = async () => {
    told({ type: "line", line: "connecting" });
    const given = await credentials(false);
    if (closed) return;
    ({ domain, ice } = given);
    agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(wss)],
      uri: `sip:${given.extension}@${domain}`,
      authorization_user: given.extension,
      password: given.password,
      register_expires: EXPIRES,
      user_agent: "Lightline",
      connection_recovery_min_interval: 2,
      connection_recovery_max_interval: 15,
    });
    let again = true;
    agent.on("registered", () => {
      again = true;
      told({ type: "line", line: "ready" });
    });
    agent.on("disconnected", () => closed || told({ type: "line", line: "lost" }));
    agent.on("unregistered", () => closed || told({ type: "line", line: agent.isConnected() ? "refused" : "lost" }));
    agent.on("registrationFailed", async () => {
      if (closed || !agent.isConnected()) return;
      told({ type: "line", line: "refused" });
      if (again) {
        again = false; // the password may have run out while the link was away
        if (await renew()) agent.register();
      } else setTimeout(() => closed || renew().then((done) => done && agent.register()), 15000);
    });
    agent.on("newRTCSession", ({ originator, session, request }) => {
      if (originator !== "remote") return;
      const id = session.id;
      watch(session, id);
      const from = session.remote_identity;
      told({
        type: "incoming",
        id,
        number: from.uri.user ?? "",
        name: from.display_name && from.display_name !== from.uri.user ? from.display_name : "",
        ref: request.getHeader(CALL_HEADER) ?? "",
      });
    });
    agent.start();
    renewIn(given.seconds / 2);
  };

  const media = () => ({ pcConfig: { iceServers: ice } });

  const call = async ({ number, role }) => {
    const id = `out-${Date.now()}-${sessions.size}`;
    told({ type: "calling", id, number, role });
    try {
      const mediaStream = await sound.microphone(id);
      const session = agent.call(`sip:${number}@${domain}`, { ...media(), mediaStream });
      watch(session, id);
    } catch {
      sound.release(id);
      told({ type: "ended", id });
      failed("no_microphone");
    }
  };

  const answer = async ({ id }) => {
    const session = sessions.get(id);
    try {
      const mediaStream = await sound.microphone(id);
      session?.answer({ ...media(), mediaStream });
    } catch {
      sound.release(id);
      failed("no_microphone");
    }
  };

  const refer = (id, target, options) => {
    const done = (ok) => () => told({ type: "referred", id, done: ok });
    sessions.get(id)?.refer(target, {
      ...options,
      eventHandlers: { requestFailed: done(false), failed: done(false), accepted: done(true) },
    });
  };

  const senderOf = (id) => sessions.get(id).connection.getSenders().find((one) => one.track?.kind === "audio");
  const streamOf = (id) => new MediaStream([sessions.get(id).connection.getReceivers().find((one) => one.track.kind === "audio").track]);

  const acts = {
    answer,
    call,
    hang: ({ id }) => {
      const session = sessions.get(id);
      if (session && !session.isEnded()) session.terminate();
    },
    busy: ({ id }) => sessions.get(id)?.terminate({ status_code: 486, reason_phrase: "Busy Here" }),
    hold: ({ id }) => settled.then(() => sessions.get(id)?.hold()),
    unhold: ({ id }) => settled.then(() => sessions.get(id)?.unhold()),
    mute: ({ id, muted, joined }) => {
      if (joined && sound.muteVoice(muted)) return;
      const session = sessions.get(id);
      if (muted) session?.mute({ audio: true });
      else session?.unmute({ audio: true });
    },
    keys: ({ id, keys }) => sessions.get(id)?.sendDTMF(keys, { transportType: "RFC2833" }),
    refer: ({ id, number }) => refer(id, `sip:${number}@${domain}`),
    "join-others": ({ id, to }) => {
      const other = sessions.get(to);
      refer(id, other.remote_identity.uri.toString(), { replaces: other });
    },
    join: ({ id, to }) => sound.join(id, to, [senderOf(id), senderOf(to)], [streamOf(id), streamOf(to)]),
    part: () => (settled = sound.part()),
  };

  /** Leaves the switch: no call comes any more. */
  function leave() {
    closed = true;
    clearTimeout(renewing);
    agent?.stop();
  }

  return { start, leave, does: (wanted) => acts[wanted.act]?.(wanted) };
}
