// A `<details>` used as a menu: Escape and a click elsewhere close it.

export default function menu(element) {
  const outside = (event) => {
    if (element.open && !element.contains(event.target)) element.open = false;
  };
  const escape = (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary").focus();
  };
  document.addEventListener("click", outside);
  element.addEventListener("keydown", escape);
  return () => {
    document.removeEventListener("click", outside);
    element.removeEventListener("keydown", escape);
  };
}
