// The text of a flow: line numbers keep step with what is typed, Tab indents by two, a link to a line puts the cursor there.

export default function ivrEditor(editor) {
  const area = editor.querySelector("textarea");
  const numbers = editor.querySelector("ol");
  const count = () => {
    const lines = area.value.split("\n").length;
    while (numbers.children.length < lines) {
      const item = document.createElement("li");
      item.textContent = numbers.children.length + 1;
      item.id = `line-${numbers.children.length + 1}`;
      numbers.append(item);
    }
    while (numbers.children.length > lines) numbers.lastElementChild.remove();
    area.rows = Math.max(lines + 2, 18);
  };
  const go = () => {
    const line = Number(/^#line-(\d+)$/.exec(location.hash)?.[1]);
    if (!line) return;
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length;
    area.focus({ preventScroll: true });
    area.setSelectionRange(line > 1 ? before + 1 : 0, line > 1 ? before + 1 : 0);
    document.getElementById(`line-${line}`)?.scrollIntoView({ block: "center" });
  };
  const indent = (event) => {
    if (event.key !== "Tab" || event.shiftKey || area.readOnly || editor.dataset.escaped === "1") return;
    event.preventDefault();
    area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
  };
  const leave = (event) => {
    editor.dataset.escaped = event.key === "Escape" ? "1" : event.key === "Tab" ? editor.dataset.escaped : "0";
  };
  area.addEventListener("keydown", leave);
  area.addEventListener("keydown", indent);
  area.addEventListener("input", count);
  window.addEventListener("hashchange", go);
  count();
  go();
  return () => window.removeEventListener("hashchange", go);
}
