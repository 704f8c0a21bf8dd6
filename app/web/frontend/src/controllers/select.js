// Checkboxes of a list with a bar for bulk work: data-select-all, data-select-item, data-select-bar, data-select-count.
// The choice survives when htmx puts a fresh list in place, by the values of the checkboxes.

export default function select(element) {
  const chosen = new Set();
  const items = () => [...element.querySelectorAll("[data-select-item]")];

  const show = () => {
    const list = items();
    const marked = list.filter((item) => item.checked).length;
    const all = element.querySelector("[data-select-all]");
    if (all) {
      all.checked = marked > 0 && marked === list.length;
      all.indeterminate = marked > 0 && marked < list.length;
    }
    element.querySelectorAll("[data-select-bar]").forEach((bar) => (bar.hidden = marked === 0));
    element.querySelectorAll("[data-select-count]").forEach((count) => (count.textContent = marked));
    list.forEach((item) => item.closest("[data-row]")?.classList.toggle("is-selected", item.checked));
  };
  const remember = (item) => (item.checked ? chosen.add(item.value) : chosen.delete(item.value));
  const change = (event) => {
    if (event.target.matches("[data-select-all]")) {
      items().forEach((item) => {
        item.checked = event.target.checked;
        remember(item);
      });
    } else if (event.target.matches("[data-select-item]")) remember(event.target);
    else return;
    show();
  };
  const swapped = () => {
    const present = new Set(items().map((item) => item.value));
    chosen.forEach((value) => present.has(value) || chosen.delete(value));
    items().forEach((item) => (item.checked = chosen.has(item.value)));
    show();
  };
  const clear = (event) => {
    if (!event.target.closest("[data-select-clear]")) return;
    chosen.clear();
    items().forEach((item) => (item.checked = false));
    show();
  };
  element.addEventListener("change", change);
  element.addEventListener("click", clear);
  element.addEventListener("htmx:afterSwap", swapped);
  items().forEach(remember);
  show();
  return () => {
    element.removeEventListener("change", change);
    element.removeEventListener("click", clear);
    element.removeEventListener("htmx:afterSwap", swapped);
  };
}
