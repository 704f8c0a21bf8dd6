// The frame: drawer menu on a narrow screen, light or dark, the back button of error pages.
import "../dialogs.js";

function drawer(body, open) {
  body.classList.toggle("menu-open", open);
  body.querySelector("[data-shell-menu]")?.setAttribute("aria-expanded", String(open));
  const shade = body.querySelector("[data-shell-close]");
  if (shade) shade.hidden = !open;
  if (open) body.querySelector("#sidebar a")?.focus();
}

function otherTheme() {
  const root = document.documentElement;
  root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.bsTheme);
}

export default function shell(body) {
  const click = (event) => {
    if (event.target.closest("[data-shell-menu]")) drawer(body, !body.classList.contains("menu-open"));
    else if (event.target.closest("[data-shell-close]")) drawer(body, false);
    else if (event.target.closest("[data-theme-toggle]")) otherTheme();
    else if (event.target.closest("[data-shell-back]")) history.back();
  };
  const escape = (event) => {
    if (event.key !== "Escape" || !body.classList.contains("menu-open")) return;
    drawer(body, false);
    body.querySelector("[data-shell-menu]").focus();
  };
  body.addEventListener("click", click);
  body.addEventListener("keydown", escape);
}
