// The agents' desk: fills the form from a customer, changes the category, inserts answers where the agent writes.
// data-used: the address that counts an answer's use (NUMBER stands for the article).
// Marks: data-desk-fill (fields as JSON), data-desk-category, data-desk-sub-type, data-desk-insert (a selector of the
// words), data-desk-article, data-desk-refresh (asks the server for the fields of the category chosen).

const FIELDS = ["solution", "description"];

function csrf() {
  return document.querySelector("#intake [name=csrf_token]")?.value ?? "";
}

export default function desk(root) {
  const form = () => root.querySelector("#intake");
  const field = (name) => form()?.elements.namedItem(name);
  let last = null;

  const look = () => root.querySelector("[data-desk-look]")?.dispatchEvent(new Event("intake:look"));
  const fill = (facts) => {
    for (const [name, value] of Object.entries(facts)) {
      const target = field(name);
      if (target && value && !value.includes("*")) target.value = value;
    }
    look();
    field("description")?.focus();
  };
  const choose = (category, subType) => {
    field("category").value = category;
    if (field("sub_type")) field("sub_type").value = "";
    const refresh = form().querySelector("[data-desk-refresh]");
    if (subType) {
      const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "sub_type", value: subType });
      field("sub_type")?.remove();
      form().append(hidden);
    }
    refresh.click();
  };
  const insert = (button) => {
    const words = root.querySelector(button.dataset.deskInsert)?.textContent.trim() ?? "";
    const target = last?.isConnected ? last : FIELDS.map(field).find(Boolean);
    if (!target) return;
    target.value = target.value.trim() ? `${target.value.trimEnd()}\n${words}` : words;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
    if (button.dataset.deskArticle) {
      const address = root.dataset.used.replace("NUMBER", button.dataset.deskArticle);
      fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf() } });
    }
  };
  const click = (event) => {
    const filled = event.target.closest("[data-desk-fill]");
    if (filled) fill(JSON.parse(filled.dataset.deskFill));
    const category = event.target.closest("[data-desk-category]");
    if (category && form()) choose(category.dataset.deskCategory, category.dataset.deskSubType);
    const words = event.target.closest("[data-desk-insert]");
    if (words) insert(words);
  };
  const focused = (event) => {
    if (event.target.matches("#intake textarea")) last = event.target;
  };
  const find = (event) => {
    if (!event.target.matches("[data-desk-kinds]")) return;
    const words = event.target.value.trim().toLowerCase();
    root.querySelectorAll("[data-desk-category][aria-pressed]").forEach((button) => {
      button.hidden = words !== "" && !button.textContent.toLowerCase().includes(words);
    });
    event.stopPropagation(); // looking for a category is no report
  };
  const key = (event) => {
    if (event.target.matches("[data-desk-kinds]") && event.key === "Enter") {
      event.preventDefault();
      root.querySelector("[data-desk-category][aria-pressed]:not([hidden])")?.click();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form()?.requestSubmit();
  };
  const changed = (event) => {
    if (event.target.name === "sub_type" && event.target.matches("select")) form().querySelector("[data-desk-refresh]").click();
  };
  const takeOver = () => {
    const facts = root.querySelector(".is-chosen [data-desk-fill]");
    if (facts && field("account_no") && !field("account_no").value) fill(JSON.parse(facts.dataset.deskFill));
  };
  const swapped = (event) => event.target.id === "desk-caller" && takeOver();
  takeOver();
  root.addEventListener("click", click);
  root.addEventListener("focusin", focused);
  root.addEventListener("input", find, true);
  root.addEventListener("keydown", key);
  root.addEventListener("change", changed);
  root.addEventListener("htmx:afterSwap", swapped);
}
