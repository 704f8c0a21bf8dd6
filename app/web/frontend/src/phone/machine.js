// The phone as a pure function: `next(state, event)` gives the state that follows and what is to be done about it.
// It knows neither SIP nor the page. Events are {type, ...}; what is to be done is a list of {act, ...}.
//
// line: off | connecting | ready | lost | refused | elsewhere (another desk or tab has it)
// A call: {id, way: in|out, role: call|consult, number, name, ref, state, muted, since}; its state is
//   ringing (comes in) | calling (we call) | talking | held | leaving (is being handed over)
// At most two calls: the caller, and a colleague who is asked first. `joined`: all three hear each other.

export const initial = { line: "off", calls: [], joined: false };

const byId = (state, id) => state.calls.find((call) => call.id === id);
const change = (state, id, values) => ({
  ...state,
  calls: state.calls.map((call) => (call.id === id ? { ...call, ...values } : call)),
});
const stay = (state) => ({ state, acts: [] });

/** The call that the buttons mean: a colleague who is asked goes before the caller who waits. */
export function current(state) {
  return state.calls.find((call) => call.role === "consult") ?? state.calls[0];
}

/** The caller, where a colleague is asked beside. */
export function waiting(state) {
  return state.calls.length > 1 ? state.calls.find((call) => call.role === "call") : undefined;
}

export const busy = (state) => state.calls.length > 0;

/** What may be done now: names of buttons. */
export function allowed(state) {
  const call = current(state);
  const first = waiting(state);
  if (!call) return new Set(state.line === "ready" ? ["dial"] : []);
  if (call.state === "ringing") return new Set(["answer", "hang"]);
  if (call.state === "calling" || call.state === "leaving") return new Set(["hang"]);
  const both = ["hang", "mute", "keys"];
  if (state.joined) return new Set([...both, "part", "complete"]);
  if (first) return new Set([...both, ...(call.state === "talking" ? ["complete", "join"] : [])]);
  return new Set([...both, "hold", "transfer", "consult"]);
}

const users = {
  answer: (state) => ({ state, acts: [{ act: "answer", id: current(state).id }, { act: "quiet" }] }),
  hang: (state) => ({ state, acts: [{ act: "hang", id: current(state).id }, { act: "quiet" }] }),
  hold: (state) => {
    const call = current(state);
    return { state, acts: [{ act: call.state === "held" ? "unhold" : "hold", id: call.id }] };
  },
  mute: (state) => {
    const call = current(state);
    const muted = !call.muted;
    const calls = state.joined ? state.calls.map((one) => ({ ...one, muted })) : change(state, call.id, { muted }).calls;
    return { state: { ...state, calls }, acts: [{ act: "mute", id: call.id, muted, joined: state.joined }] };
  },
  keys: (state, { keys }) => ({ state, acts: [{ act: "keys", id: current(state).id, keys }] }),
  dial: (state, { number }) => ({ state, acts: number ? [{ act: "call", number, role: "call" }] : [] }),
  transfer: (state, { number }) => {
    if (!number) return stay(state);
    const call = current(state);
    return { state: change(state, call.id, { state: "leaving" }), acts: [{ act: "refer", id: call.id, number }] };
  },
  consult: (state, { number }) => {
    if (!number) return stay(state);
    const call = current(state);
    const hold = call.state === "held" ? [] : [{ act: "hold", id: call.id }];
    return { state, acts: [...hold, { act: "call", number, role: "consult" }] };
  },
  complete: (state) => {
    const first = waiting(state);
    const parted = state.joined ? [{ act: "part" }] : [];
    return {
      state: { ...change(state, first.id, { state: "leaving" }), joined: false },
      acts: [...parted, { act: "join-others", id: first.id, to: current(state).id }],
    };
  },
  join: (state) => {
    const first = waiting(state);
    return { state: { ...state, joined: true }, acts: [{ act: "unhold", id: first.id }, { act: "join", id: first.id, to: current(state).id }] };
  },
  part: (state) => {
    const first = waiting(state);
    const calls = state.calls.map((one) => ({ ...one, muted: false }));
    return { state: { ...state, calls, joined: false }, acts: [{ act: "part" }, { act: "hold", id: first.id }] };
  },
};

const told = {
  line: (state, { line }) => ({ state: { ...state, line }, acts: [] }),
  incoming: (state, { id, number, name = "", ref = "" }) => {
    if (busy(state)) return { state, acts: [{ act: "busy", id }] };
    const call = { id, way: "in", role: "call", number, name, ref, state: "ringing", muted: false, since: 0 };
    return { state: { ...state, calls: [call] }, acts: [{ act: "ring" }, { act: "preview", number, ref }] };
  },
  calling: (state, { id, number, role = "call" }) => {
    const call = { id, way: "out", role, number, name: "", ref: "", state: "calling", muted: false, since: 0 };
    return { state: { ...state, calls: [...state.calls, call] }, acts: [] };
  },
  early: (state, { id, sound }) => {
    const call = byId(state, id);
    return { state, acts: call?.way === "out" && !sound ? [{ act: "ringback" }] : [{ act: "quiet" }] };
  },
  answered: (state, { id, at }) => {
    const call = byId(state, id);
    if (!call) return stay(state);
    const tell = call.role === "call" ? [{ act: "tell", number: call.number, ref: call.ref, way: call.way }] : [];
    return { state: change(state, id, { state: "talking", since: at }), acts: [{ act: "quiet" }, ...tell] };
  },
  held: (state, { id, held }) => {
    const call = byId(state, id);
    if (!call || !["talking", "held"].includes(call.state)) return stay(state);
    return { state: change(state, id, { state: held ? "held" : "talking" }), acts: [] };
  },
  referred: (state, { id, done }) => {
    const call = byId(state, id);
    if (!call || call.state !== "leaving") return stay(state);
    if (done) return { state, acts: state.calls.map((one) => ({ act: "hang", id: one.id })) };
    return { state: change(state, id, { state: state.calls.length > 1 ? "held" : "talking" }), acts: [{ act: "note", note: "transfer_failed" }] };
  },
  ended: (state, { id, why = "" }) => {
    const call = byId(state, id);
    if (!call) return stay(state);
    const left = state.calls.filter((one) => one.id !== id);
    const acts = [{ act: "quiet" }];
    if (state.joined) acts.push({ act: "part" });
    if (why && call.state === "calling") acts.push({ act: "note", note: "not_reached", why });
    if (call.way === "in" && call.state === "ringing") acts.push({ act: "forget" });
    const first = left[0];
    if (first && call.role === "consult" && (first.state === "held" || state.joined)) {
      acts.push({ act: "unhold", id: first.id });
    }
    const calls = left.map((one) => ({ ...one, role: "call", muted: state.joined ? false : one.muted }));
    if (!first) acts.push({ act: "over" });
    return { state: { ...state, calls, joined: false }, acts };
  },
};

/** The state after an event, and what is to be done. What is not allowed now changes nothing. */
export function next(state, event) {
  if (event.type in told) return told[event.type](state, event);
  if (!allowed(state).has(event.type)) return stay(state);
  return users[event.type](state, event);
}
