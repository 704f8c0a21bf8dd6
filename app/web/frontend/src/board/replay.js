// The state of the board at an instant, from changes [ms, id, fields] in the order of time. Going back starts anew.

export function replay(changes) {
  let next = 0;
  let reached = -Infinity;
  let state = new Map();

  const to = (at) => {
    if (at < reached) {
      next = 0;
      state = new Map();
    }
    reached = at;
    for (; next < changes.length && changes[next][0] <= at; next += 1) {
      const [, id, fields] = changes[next];
      if (fields.gone) state.delete(id);
      else state.set(id, { ...state.get(id), ...fields });
    }
    return state;
  };
  /** The instants of change after and before one. */
  const after = (at) => changes.find(([ms]) => ms > at)?.[0];
  const before = (at) => changes.findLast(([ms]) => ms < at)?.[0];
  return { to, after, before };
}

/** Customers out at each of `steps` equal parts of the span. */
export function curve(changes, since, until, steps) {
  const played = replay(changes);
  return Array.from({ length: steps + 1 }, (_, step) => {
    let sum = 0;
    for (const one of played.to(since + ((until - since) * step) / steps).values()) sum += one.out ?? 0;
    return sum;
  });
}
