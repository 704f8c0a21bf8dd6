// A one-line diagram comes into view at the device whose page it is on (`.is-chosen`).
export default function oneLine(element) {
  const chosen = element.querySelector(".is-chosen");
  if (!chosen) return;
  const box = element.getBoundingClientRect();
  const mark = chosen.getBoundingClientRect();
  element.scrollLeft += mark.left - box.left - box.width / 2;
  element.scrollTop += mark.top - box.top - box.height / 2;
}
