// Asks before something happens, with the dialog of the layout.

/** Resolves true when the person agrees; without the dialog on the page the browser's own one asks. */
export function ask(question, { detail = "", ok = "" } = {}) {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog) return Promise.resolve(window.confirm(question));
  dialog.querySelector("[data-confirm-text]").textContent = question;
  const more = dialog.querySelector("[data-confirm-detail]");
  more.textContent = detail;
  more.hidden = !detail;
  const button = dialog.querySelector("[data-confirm-ok]");
  button.textContent = ok || button.dataset.label;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

function options(element) {
  return { detail: element.dataset.confirmDetail, ok: element.dataset.confirmOk };
}

// A form or its button with data-confirm waits for the answer, then is sent as if nothing had happened.
document.addEventListener(
  "submit",
  (event) => {
    const asking = event.submitter?.dataset.confirm ? event.submitter : event.target;
    if (!asking.dataset?.confirm || event.target.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(asking.dataset.confirm, options(asking)).then((agreed) => {
      if (!agreed) return;
      event.target.dataset.confirmed = "1";
      event.target.requestSubmit(event.submitter ?? undefined);
      delete event.target.dataset.confirmed;
    });
  },
  true,
);

// hx-confirm, and data-confirm on an element that htmx sends by itself.
document.addEventListener("htmx:confirm", (event) => {
  const element = event.detail.elt;
  const question = event.detail.question ?? (element.tagName === "FORM" ? "" : element.dataset.confirm);
  if (!question) return;
  event.preventDefault();
  ask(question, options(element)).then((agreed) => agreed && event.detail.issueRequest(true));
});
