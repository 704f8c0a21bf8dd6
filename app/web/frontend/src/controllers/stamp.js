// Place and time of a crew: fills the fields `[data-stamp=lat|lon|accuracy|at]` inside the element from the device.
// `[data-stamp-take]` asks again, `[data-stamp-status]` says what was found. Nothing stops where the place is refused:
// the fields stay empty and the time of the device is still written.
import { locate } from "../place.js";
import { text } from "../texts.js";

export default function stamp(element) {
  const fill = (name, value) => element.querySelectorAll(`[data-stamp="${name}"]`).forEach((field) => (field.value = value));
  const status = element.querySelector("[data-stamp-status]");
  const say = (words) => status && (status.textContent = words);

  const take = async () => {
    fill("at", new Date().toISOString());
    say(text("locating"));
    try {
      const place = await locate();
      fill("lat", place.lat);
      fill("lon", place.lon);
      fill("accuracy", place.accuracy);
      say(text("located", { accuracy: place.accuracy }));
    } catch (reason) {
      say(text(reason.message));
    }
  };
  const click = (event) => event.target.closest("[data-stamp-take]") && take();
  element.addEventListener("click", click);
  take();
  return () => element.removeEventListener("click", click);
}
