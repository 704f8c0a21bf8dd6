// Requests of htmx and of our own code: the CSRF token, a word when the network is gone.
import { text } from "./texts.js";
import { toast } from "./controllers/toast.js";

/** The token every writing request carries. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:sendError", () => toast(text("network_gone"), "error"));
document.addEventListener("htmx:timeout", () => toast(text("network_gone"), "error"));
