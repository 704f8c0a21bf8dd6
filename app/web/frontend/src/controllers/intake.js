// The intake page: keeps what is typed through a reload (this tab only), fills in the last order's facts, raises the
// urgency with a hazard, and asks for a reason where an order about the same is under way.
// data-draft names the draft; data-draft-keep: the page came back from the server, whose values count.

const KEEP_HOURS = 8;

function read(name) {
  try {
    const { at, values } = JSON.parse(sessionStorage.getItem(name));
    return Date.now() - at < KEEP_HOURS * 3600e3 ? values : null;
  } catch {
    return null;
  }
}

function restore(form, values) {
  for (const [name, value] of values) {
    const field = form.elements.namedItem(name);
    if (name === "photos" || name === "category" || !field || field instanceof RadioNodeList) continue;
    // another category offers other words: one it does not know stays as the page chose it
    if (field.options && ![...field.options].some((option) => option.value === value)) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
  form.dispatchEvent(new CustomEvent("draft:restored", { detail: values }));
}

export function forgetDraft(name) {
  sessionStorage.removeItem(name);
}

export default function intake(root) {
  const form = root.querySelector("[data-intake-form]");
  const name = root.dataset.draft;
  const apart = root.querySelector("[data-intake-apart]");

  const save = () => {
    const values = [...new FormData(form)].filter(([key, value]) => key !== "csrf_token" && typeof value === "string");
    sessionStorage.setItem(name, JSON.stringify({ at: Date.now(), values }));
  };
  const look = () => root.querySelector("[data-intake-look]").dispatchEvent(new Event("intake:look"));
  const fill = (facts) => {
    for (const [key, value] of Object.entries(facts)) {
      const field = form.elements.namedItem(key);
      if (field && !field.value.trim() && !value.includes("*")) field.value = value;
    }
    save();
    look();
    form.elements.namedItem("description").focus();
  };
  const raise = () => {
    const wanted = root.querySelector("[data-raise-urgency]")?.dataset.raiseUrgency;
    const urgency = form.elements.namedItem("urgency");
    const words = [...urgency.options].map((option) => option.value);
    if (words.indexOf(wanted) > words.indexOf(urgency.value)) urgency.value = wanted;
  };
  const seen = (event) => {
    if (event.target.id !== "sight") return;
    raise();
    apart.hidden = root.querySelector("[data-intake-duplicates='1']") === null;
  };
  const click = (event) => {
    const facts = event.target.closest("[data-intake-fill]");
    if (facts) fill(JSON.parse(facts.dataset.intakeFill));
    if (event.target.closest("[data-intake-clear]")) {
      forgetDraft(name);
      location.assign(location.pathname);
    }
  };

  const kept = "draftKeep" in root.dataset ? null : read(name);
  if (kept) {
    restore(form, kept);
    setTimeout(look);
  }
  form.addEventListener("input", save);
  root.addEventListener("click", click);
  root.addEventListener("htmx:afterSwap", seen);
}
