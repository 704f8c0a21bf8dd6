// A list moved through by keys: j and k (or arrows on a focused row) move, Enter opens, x selects.
// Each row carries data-row; its link data-row-link; its checkbox data-select-item. A list with data-row-shortcut="c"
// (and data-row-shortcut-label) presses what carries data-row-key="c" in the current row.
import { text } from "../texts.js";
import { addShortcut } from "./shortcuts.js";

export default function rows(element) {
  const all = () => [...element.querySelectorAll("[data-row]")];
  const current = () => element.querySelector("[data-row].is-current");

  const move = (step) => {
    const list = all();
    if (list.length === 0) return;
    const from = list.indexOf(current());
    const to = from < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, from + step));
    list[from]?.classList.remove("is-current");
    list[to].classList.add("is-current");
    list[to].scrollIntoView({ block: "nearest" });
    list[to].querySelector("[data-row-link]")?.focus({ preventScroll: true });
  };
  const press = (selector) => () => current()?.querySelector(selector)?.click();

  const click = (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    current()?.classList.remove("is-current");
    row.classList.add("is-current");
  };

  // A fresh list keeps the place: the same row, or the one that has come where it was.
  let place;
  const key = (row) => row?.querySelector("[data-row-link]")?.getAttribute("href");
  const keep = () => {
    const row = current();
    place = row && { at: all().indexOf(row), key: key(row), focused: row.contains(document.activeElement) };
  };
  const restore = () => {
    const list = all();
    if (!place || current() || list.length === 0) return;
    const row = list.find((candidate) => key(candidate) === place.key) ?? list[Math.min(place.at, list.length - 1)];
    row.classList.add("is-current");
    if (place.focused) row.querySelector("[data-row-link]")?.focus({ preventScroll: true });
    place = undefined;
  };
  element.addEventListener("htmx:beforeSwap", keep);
  element.addEventListener("htmx:afterSwap", restore);
  element.addEventListener("click", click);
  const { rowShortcut, rowShortcutLabel } = element.dataset;
  const leave = [
    ...(rowShortcut ? [addShortcut(rowShortcut, rowShortcutLabel, press(`[data-row-key="${rowShortcut}"]`))] : []),
    addShortcut("j", text("next_row"), () => move(1)),
    addShortcut("k", text("previous_row"), () => move(-1)),
    addShortcut("x", text("select_row"), press("[data-select-item]")),
  ];
  return () => {
    element.removeEventListener("htmx:beforeSwap", keep);
    element.removeEventListener("htmx:afterSwap", restore);
    element.removeEventListener("click", click);
    leave.forEach((undo) => undo());
  };
}
