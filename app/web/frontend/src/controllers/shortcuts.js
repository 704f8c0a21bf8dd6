// Keyboard shortcuts: `data-shortcut="c"` (or `g m`, one key after the other) on a link, button or field presses
// or focuses it; `data-shortcut-label` is what the list behind `?` says. Silent while somebody types.

const added = new Map();
const PAUSE = 1200;

/** Add a shortcut of a controller; returns how to take it away. */
export function addShortcut(keys, label, run) {
  added.set(keys, { label, run });
  return () => added.delete(keys);
}

function typing(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true], .fjs-container") !== null;
}

function onPage() {
  return [...document.querySelectorAll("[data-shortcut]")].filter((element) => element.offsetParent !== null);
}

function press(element) {
  if (element.matches("input:not([type=checkbox], [type=submit]), textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

function find(keys) {
  const element = onPage().find((candidate) => candidate.dataset.shortcut === keys);
  return element ? () => press(element) : added.get(keys)?.run;
}

function isBeginning(keys) {
  const start = `${keys} `;
  return onPage().some((element) => element.dataset.shortcut.startsWith(start)) || [...added.keys()].some((key) => key.startsWith(start));
}

function line(keys, label) {
  const name = document.createElement("dt");
  keys.split(" ").forEach((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    name.append(cap, " ");
  });
  const meaning = document.createElement("dd");
  meaning.textContent = label;
  return [name, meaning];
}

function help() {
  const dialog = document.getElementById("shortcuts-dialog");
  if (!dialog) return;
  const list = dialog.querySelector("[data-shortcut-list]");
  const named = onPage().map((element) => [element.dataset.shortcut, element.dataset.shortcutLabel ?? element.title ?? element.textContent.trim()]);
  const own = [...added].map(([keys, { label }]) => [keys, label]);
  const seen = new Map([...named, ...own, ["?", list.dataset.helpLabel], ["Esc", list.dataset.menuLabel]]);
  list.replaceChildren(...[...seen].flatMap(([keys, label]) => line(keys, label)));
  dialog.showModal();
}

export default function shortcuts(body) {
  let first = "";
  let timer;

  const key = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return help();
    const keys = first ? `${first} ${event.key}` : event.key;
    clearTimeout(timer);
    first = "";
    const run = find(keys);
    if (run) {
      event.preventDefault();
      run();
    } else if (isBeginning(keys)) {
      first = keys;
      timer = setTimeout(() => (first = ""), PAUSE);
    }
  };
  const click = (event) => event.target.closest("[data-shortcuts-open]") && help();
  document.addEventListener("keydown", key);
  body.addEventListener("click", click);
  return () => {
    document.removeEventListener("keydown", key);
    body.removeEventListener("click", click);
  };
}
