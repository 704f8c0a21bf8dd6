// Listens to data-topics (words between commas) from version data-since on, as long as the element is on the page.
// What it hears refreshes the pieces of the page: see live/pieces.js.
import { watch } from "../live/hub.js";
import "../live/pieces.js";

export default function live(element) {
  const topics = element.dataset.topics.split(",").filter(Boolean);
  return watch(topics, Number(element.dataset.since) || 0);
}
