// The page after a report was taken: its draft is over.
import { forgetDraft } from "./intake.js";

export default function intakeDone(element) {
  forgetDraft(element.dataset.draft);
}
