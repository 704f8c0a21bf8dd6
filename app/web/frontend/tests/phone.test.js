// The phone's machine, event after event.
import assert from "node:assert/strict";
import { test } from "node:test";
import { allowed, current, initial, next, waiting } from "../src/phone/machine.js";

const run = (...events) => {
  let state = { ...initial, line: "ready" };
  let acts = [];
  for (const event of events) ({ state, acts } = next(state, event));
  return { state, acts, names: acts.map((one) => one.act) };
};
const rings = { type: "incoming", id: "a", number: "13800138000", ref: "c-1" };
const talks = [rings, { type: "answer" }, { type: "answered", id: "a", at: 5 }];
const asked = [...talks, { type: "consult", number: "1002" }, { type: "held", id: "a", held: true }, { type: "calling", id: "b", number: "1002", role: "consult" }];
const both = [...asked, { type: "answered", id: "b", at: 9 }];

test("a call rings, is shown and can only be answered or refused", () => {
  const { state, names } = run(rings);
  assert.deepEqual(names, ["ring", "preview"]);
  assert.deepEqual([...allowed(state)].sort(), ["answer", "hang"]);
});

test("answered, the desk is told who calls and under which name the line knows the call", () => {
  const { state, acts } = run(...talks);
  assert.deepEqual(acts, [{ act: "quiet" }, { act: "tell", number: "13800138000", ref: "c-1", way: "in" }]);
  assert.equal(current(state).since, 5);
});

test("a second caller hears busy, and the talk goes on", () => {
  const { state, acts } = run(...talks, { ...rings, id: "z" });
  assert.deepEqual(acts, [{ act: "busy", id: "z" }]);
  assert.equal(state.calls.length, 1);
});

test("the caller gives up: the ring stops and what was shown of them goes", () => {
  const { state, names } = run(rings, { type: "ended", id: "a", why: "Canceled" });
  assert.deepEqual(names, ["quiet", "forget", "over"]);
  assert.equal(state.calls.length, 0);
});

test("nothing can be dialled without a line, nor while somebody talks", () => {
  assert.equal(next(initial, { type: "dial", number: "1" }).acts.length, 0);
  assert.deepEqual(run(...talks, { type: "dial", number: "1" }).acts, []);
  assert.deepEqual(run({ type: "dial", number: "13900139000" }).acts, [{ act: "call", number: "13900139000", role: "call" }]);
});

test("hold is asked for, and shown only once it is so", () => {
  const wanted = run(...talks, { type: "hold" });
  assert.deepEqual(wanted.acts, [{ act: "hold", id: "a" }]);
  assert.equal(current(wanted.state).state, "talking");
  const held = run(...talks, { type: "hold" }, { type: "held", id: "a", held: true });
  assert.equal(current(held.state).state, "held");
  assert.deepEqual(next(held.state, { type: "hold" }).acts, [{ act: "unhold", id: "a" }]);
});

test("muting goes on and off", () => {
  const muted = run(...talks, { type: "mute" });
  assert.deepEqual(muted.acts, [{ act: "mute", id: "a", muted: true, joined: false }]);
  assert.equal(current(next(muted.state, { type: "mute" }).state).muted, false);
});

test("handed over without a word: done, we leave; refused, the caller is still ours", () => {
  const leaving = run(...talks, { type: "transfer", number: "1002" });
  assert.deepEqual(leaving.acts, [{ act: "refer", id: "a", number: "1002" }]);
  assert.deepEqual([...allowed(leaving.state)], ["hang"]);
  assert.deepEqual(next(leaving.state, { type: "referred", id: "a", done: true }).acts, [{ act: "hang", id: "a" }]);
  const back = next(leaving.state, { type: "referred", id: "a", done: false });
  assert.equal(current(back.state).state, "talking");
  assert.deepEqual(back.acts, [{ act: "note", note: "transfer_failed" }]);
});

test("no number, nothing happens", () => {
  for (const type of ["transfer", "consult", "dial"]) assert.deepEqual(run(...talks, { type, number: "" }).acts, []);
});

test("a colleague is asked first: the caller is held, the buttons mean the colleague", () => {
  const { state } = run(...both);
  assert.equal(current(state).number, "1002");
  assert.equal(waiting(state).state, "held");
  assert.deepEqual([...allowed(state)].sort(), ["complete", "hang", "join", "keys", "mute"]);
});

test("the desk is not told of the colleague", () => {
  assert.deepEqual(run(...both).names, ["quiet"]);
});

test("the colleague takes over: both of our calls end", () => {
  const done = run(...both, { type: "complete" });
  assert.deepEqual(done.acts, [{ act: "join-others", id: "a", to: "b" }]);
  assert.deepEqual(next(done.state, { type: "referred", id: "a", done: true }).acts, [{ act: "hang", id: "a" }, { act: "hang", id: "b" }]);
  assert.equal(waiting(next(done.state, { type: "referred", id: "a", done: false }).state).state, "held");
});

test("the colleague does not answer: the caller is taken up again", () => {
  const { state, acts } = run(...asked, { type: "ended", id: "b", why: "Busy" });
  assert.deepEqual(acts, [{ act: "quiet" }, { act: "note", note: "not_reached", why: "Busy" }, { act: "unhold", id: "a" }]);
  assert.equal(current(state).id, "a");
});

test("the caller hangs up while the colleague is asked: the talk with the colleague goes on as a call of its own", () => {
  const { state, names } = run(...both, { type: "ended", id: "a" });
  assert.deepEqual(names, ["quiet"]);
  assert.equal(current(state).id, "b");
  assert.ok(allowed(state).has("hold"));
});

test("all three: joined, muted together, apart again with the caller on hold", () => {
  const joined = run(...both, { type: "join" });
  assert.deepEqual(joined.names, ["unhold", "join"]);
  const muted = next(joined.state, { type: "mute" });
  assert.equal(muted.acts[0].joined, true);
  assert.ok(muted.state.calls.every((call) => call.muted));
  const apart = next(muted.state, { type: "part" });
  assert.deepEqual(apart.acts, [{ act: "part" }, { act: "hold", id: "a" }]);
  assert.ok(apart.state.calls.every((call) => !call.muted));
});

test("one of three leaves: the other is not on hold and not muted", () => {
  const { state, names } = run(...both, { type: "join" }, { type: "held", id: "a", held: false }, { type: "mute" }, { type: "ended", id: "b" });
  assert.deepEqual(names, ["quiet", "part", "unhold"]);
  assert.equal(current(state).muted, false);
  assert.equal(state.joined, false);
});

test("a lost line leaves the talk as it is", () => {
  const { state } = run(...talks, { type: "line", line: "lost" });
  assert.equal(current(state).state, "talking");
  assert.equal(state.line, "lost");
});

test("whatever comes in whatever order, no event breaks the machine and at most two calls stand", () => {
  const types = ["answer", "hang", "hold", "mute", "keys", "dial", "transfer", "consult", "complete", "join", "part", "incoming", "calling", "early", "answered", "held", "referred", "ended", "line"];
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 300; round += 1) {
    let state = { ...initial, line: "ready" };
    for (let step = 0; step < 60; step += 1) {
      const type = types[random(types.length)];
      const role = state.calls.length ? "consult" : "call";
      if (type === "calling" && state.calls.length > 1) continue; // only a wish that was granted brings one
      const event = { type, id: "abc"[random(3)], number: random(4) ? "1002" : "", role, held: random(2) === 1, done: random(2) === 1, at: step, line: "ready", why: "" };
      if (type === "calling" && state.calls.some((call) => call.id === event.id)) continue;
      ({ state } = next(state, event));
      assert.ok(state.calls.length <= 2);
      assert.ok(new Set(state.calls.map((call) => call.id)).size === state.calls.length);
      assert.ok(!state.joined || state.calls.length === 2);
    }
  }
});
