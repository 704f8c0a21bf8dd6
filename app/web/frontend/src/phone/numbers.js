// Numbers on pages (`tel:` links) are dialled by the phone on the desk, where a tab of this browser has it open;
// else the link does what it always does.
import { toast } from "../controllers/toast.js";
import { text } from "../texts.js";
import { askPhone } from "./alone.js";

document.addEventListener("click", async (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href^="tel:"]') : null;
  if (!link || event.defaultPrevented || link.dataset.outside || !("BroadcastChannel" in window)) return;
  event.preventDefault();
  const answer = await askPhone({ dial: decodeURIComponent(link.getAttribute("href").slice(4)) });
  if (answer) toast(text(answer.dialling ? "phone_dials" : "phone_is_busy"), answer.dialling ? "success" : "error");
  else {
    link.dataset.outside = "1";
    link.click();
    delete link.dataset.outside;
  }
});
