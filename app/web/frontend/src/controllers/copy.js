// A button that copies `data-copy-text`, or the text of the element that `data-copy-from` selects.
import { text } from "../texts.js";
import { toast } from "./toast.js";

export default function copy(element) {
  const take = async () => {
    const source = element.dataset.copyText ?? document.querySelector(element.dataset.copyFrom)?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(source);
      toast(text("copied"), "success");
    } catch {
      toast(text("copy_failed"), "error");
    }
  };
  element.addEventListener("click", take);
  return () => element.removeEventListener("click", take);
}
