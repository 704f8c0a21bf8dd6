// Short notes: those the server puts into the page, and those our own code shows.

const STAYS = 8000;

/** Show a note; kinds are success, info and error (which stays until closed). */
export function toast(words, kind = "info") {
  const note = document.createElement("div");
  note.className = `toast-note toast-${kind}`;
  note.dataset.controller = "toast";
  note.textContent = words;
  document.getElementById("toasts")?.append(note);
}

export default function connect(element) {
  const click = (event) => event.target.closest("[data-toast-close]") && element.remove();
  element.addEventListener("click", click);
  const stays = element.matches(".toast-error, .alert-danger, .alert-warning");
  const timer = stays ? undefined : setTimeout(() => element.remove(), STAYS);
  return () => clearTimeout(timer);
}
