// Photos open large over the page; arrow keys go on, Escape closes.
import { text } from "../texts.js";

export default function gallery(element) {
  const links = () => [...element.querySelectorAll("[data-gallery-item]")];
  let dialog;
  let index = 0;

  const show = (position) => {
    const all = links();
    index = (position + all.length) % all.length;
    const image = dialog.querySelector("img");
    image.src = all[index].href;
    image.alt = all[index].querySelector("img")?.alt ?? "";
    dialog.querySelector("figcaption").textContent = `${index + 1} / ${all.length} ${image.alt}`;
  };
  const build = () => {
    dialog = document.createElement("dialog");
    dialog.className = "lightbox";
    dialog.setAttribute("aria-label", text("photo"));
    dialog.innerHTML = '<figure><img alt=""><figcaption></figcaption></figure>';
    dialog.addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") show(index + 1);
      if (event.key === "ArrowLeft") show(index - 1);
    });
    document.body.append(dialog);
  };
  const open = (event) => {
    const link = event.target.closest("[data-gallery-item]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!dialog) build();
    show(links().indexOf(link));
    dialog.showModal();
  };
  element.addEventListener("click", open);
  return () => {
    element.removeEventListener("click", open);
    dialog?.remove();
  };
}
