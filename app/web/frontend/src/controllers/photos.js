// Photos of a plain form: each is uploaded when it is chosen (to data-photos-url) and named in a hidden field.
import { csrfToken } from "../requests.js";
import { text } from "../texts.js";
import { toast } from "./toast.js";

function shown(url, id, name) {
  const item = document.createElement("li");
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "photos", value: id });
  const picture = Object.assign(document.createElement("img"), { src: `${url}/${id}?small=1`, alt: name, width: 120, height: 90 });
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "×" });
  remove.setAttribute("aria-label", text("remove_photo", { name }));
  remove.addEventListener("click", () => {
    const form = item.closest("form");
    item.remove();
    form?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  item.append(field, picture, remove);
  return item;
}

async function send(url, file) {
  const body = new FormData();
  body.append("file", file);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
  const stored = await answer.json();
  if (!answer.ok) throw new Error(stored.message);
  return stored;
}

export default function photos(element) {
  const url = element.dataset.photosUrl;
  const list = element.querySelector("[data-photos-list]");
  const pick = element.querySelector("[data-photos-pick]");
  const choose = async (event) => {
    event.stopPropagation();
    for (const file of [...pick.files]) {
      try {
        const stored = await send(url, file);
        list.append(shown(url, stored.id, stored.name));
      } catch (error) {
        toast(`${file.name}: ${error.message}`, "error");
      }
    }
    pick.value = "";
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const restore = (event) => {
    for (const [name, id] of event.detail) if (name === "photos") list.append(shown(url, id, text("photo")));
  };
  pick.addEventListener("change", choose);
  element.closest("form").addEventListener("draft:restored", restore);
}
