// The rows of the board, kept equal to what the server says: only rows whose mark changed are fetched and replaced.
// Focus, the current row, chosen boxes and the place of the scroll stay.

const BATCH = 60;

/** `body` holds the rows, `marks` are [id, mark] of all; returns {follow(marks), row(id)}. */
export function rowsOf(body, marks, fetchRows) {
  const known = new Map(); // id -> row
  for (const row of body.querySelectorAll("[data-row]")) known.set(Number(row.dataset.id), row);
  const scroller = body.closest("[data-board-part]");

  const anchor = () => {
    const top = scroller.getBoundingClientRect().top;
    const row = body.querySelector("[data-row].is-current") ?? [...body.children].find((one) => one.getBoundingClientRect().bottom > top);
    return row && { id: Number(row.dataset.id), at: row.getBoundingClientRect().top };
  };
  const hold = (place) => {
    const row = place && known.get(place.id);
    if (row?.isConnected && scroller.scrollTop > 0) scroller.scrollTop += row.getBoundingClientRect().top - place.at;
  };

  const put = (row) => {
    const id = Number(row.dataset.id);
    const before = known.get(id);
    known.set(id, row);
    if (!before) return body.append(row);
    const focus = before.contains(document.activeElement) && document.activeElement;
    const which = focus && (focus.matches("[data-select-item]") ? "[data-select-item]" : "[data-row-link]");
    if (before.classList.contains("is-current")) row.classList.add("is-current");
    row.querySelector("[data-select-item]").checked = before.querySelector("[data-select-item]").checked;
    row.classList.toggle("is-selected", before.classList.contains("is-selected"));
    before.replaceWith(row);
    row.classList.add("is-fresh");
    if (which) row.querySelector(which)?.focus({ preventScroll: true });
  };

  const arrange = (order) => {
    const focus = body.contains(document.activeElement) && document.activeElement;
    let next = body.firstElementChild;
    for (const id of order) {
      const row = known.get(id);
      if (!row) continue;
      if (row === next) next = next.nextElementSibling;
      else if (next && next.nextElementSibling === row) {
        body.append(next); // it goes further down: its turn comes
        next = row.nextElementSibling;
      } else body.insertBefore(row, next);
    }
    if (focus && document.activeElement !== focus) focus.focus({ preventScroll: true });
  };

  const follow = async (fresh) => {
    const wanted = fresh.filter(([id, mark]) => known.get(id)?.dataset.mark !== mark).map(([id]) => id);
    for (let start = 0; start < wanted.length; start += BATCH) {
      const place = anchor();
      const holder = document.createElement("template");
      holder.innerHTML = await fetchRows(wanted.slice(start, start + BATCH));
      holder.content.querySelectorAll("[data-row]").forEach(put);
      hold(place);
    }
    const place = anchor();
    const there = new Set(fresh.map(([id]) => id));
    for (const [id, row] of known) {
      if (there.has(id)) continue;
      row.remove();
      known.delete(id);
    }
    arrange(fresh.map(([id]) => id));
    hold(place);
    return wanted.length;
  };

  return { follow, row: (id) => known.get(id), complete: () => known.size >= marks.length };
}
