// A crew is dragged onto an outage: [data-crew] onto [data-row]. `dropped(crew, row)` is asked to send it.

export function dragging(root, dropped) {
  let crew;
  let over;

  const unmark = () => {
    over?.classList.remove("is-target");
    over = undefined;
  };
  const start = (event) => {
    crew = event.target.closest?.("[data-crew]");
    if (!crew) return;
    event.dataTransfer.effectAllowed = "link";
    event.dataTransfer.setData("text/plain", crew.dataset.crewName);
    root.classList.add("is-dragging");
  };
  const move = (event) => {
    const row = crew && event.target.closest?.("[data-row]");
    if (!row) return unmark();
    event.preventDefault();
    event.dataTransfer.dropEffect = "link";
    if (row === over) return;
    unmark();
    over = row;
    row.classList.add("is-target");
  };
  const drop = (event) => {
    const row = event.target.closest?.("[data-row]");
    if (!crew || !row) return;
    event.preventDefault();
    dropped(crew, row);
  };
  const end = () => {
    unmark();
    crew = undefined;
    root.classList.remove("is-dragging");
  };
  const all = { dragstart: start, dragover: move, drop, dragend: end };
  for (const [name, listener] of Object.entries(all)) root.addEventListener(name, listener);
  return () => Object.entries(all).forEach(([name, listener]) => root.removeEventListener(name, listener));
}
