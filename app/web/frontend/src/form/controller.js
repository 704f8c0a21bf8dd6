// A form-js form on a page: shows it, keeps drafts, uploads files, sends the values once, shows the server's answer.
// The markup and the attributes are those of forms/_form.html; the server validates everything again.
import { Form } from "@bpmn-io/form-js-viewer";
import flatpickr from "flatpickr";
import { Mandarin } from "flatpickr/dist/l10n/zh.js";
import { locate } from "../place.js";
import { addStylesheet } from "../stylesheet.js";
import { text } from "../texts.js";
import { keepDrafts } from "./drafts.js";
import { showErrors } from "./errors.js";
import { postJson } from "./post.js";
import { takeStamps } from "./stamps.js";
import { translateModule, words } from "./translate.js";
import { uploadModule, uploadsUnderWay } from "./upload.js";

function createForm(root, input, say) {
  const { dataset } = root;
  return new Form({
    container: root.querySelector(".ll-form-fields"),
    debounce: false, // a redraw within form-js's 300 ms would take back what was just typed
    properties: { readOnly: Boolean(dataset.readonly), ariaLabel: root.getAttribute("aria-label") ?? undefined },
    additionalModules: [translateModule(input.texts.formjs), uploadModule({ input, url: dataset.filesUrl, say })],
  });
}

class Page {
  constructor(root) {
    this.root = root;
    this.input = JSON.parse(root.querySelector("[data-form-input]").textContent);
    this.button = root.querySelector("[data-form-submit]");
    this.say = (message) => {
      const status = root.querySelector("[data-form-status]");
      if (status) status.textContent = message;
    };
    this.t = words(this.input.texts.page);
  }

  async open() {
    const { root, input } = this;
    await addStylesheet(root.dataset.stylesheet);
    if (input.locale === "zh") flatpickr.localize(Mandarin);
    this.stamps = takeStamps(input.schema);
    root.querySelector(".ll-form-fields").replaceChildren();
    this.form = createForm(root, input, this.say);
    this.form.on("submit", ({ data, errors }) => this.deliver(data, errors));
    await this.form.importSchema(input.schema, input.data);
    root.querySelector(".ll-form-fields").setAttribute("aria-busy", "false");
    if (Object.keys(input.errors).length) showErrors(this, input.errors);
    if (root.dataset.readonly || root.dataset.preview) return;
    this.drafts = keepDrafts(this);
    if (this.stamps.wanted) this.stamps.watch(root.querySelector(".ll-form-stamp"), locate, text);
    if (this.button) this.button.disabled = false;
  }

  submit() {
    if (!this.button || this.button.disabled) return;
    if (uploadsUnderWay(this.root)) this.say(this.t("upload_wait"));
    else this.form.submit();
  }

  async deliver(data, errors) {
    if (!this.button || this.button.disabled) return;
    if (Object.keys(errors).length) return showErrors(this, {});
    this.busy(true);
    this.drafts.pause();
    const answer = await postJson(this.root.dataset.action, { ...data, ...this.stamps.values() });
    if (answer.redirect) {
      this.drafts.stop();
      location.assign(answer.redirect);
      return;
    }
    this.busy(false);
    this.drafts.resume();
    showErrors(this, answer.errors ?? {}, answer.message || this.t(answer.offline ? "no_connection" : "refused"));
  }

  busy(yes) {
    this.button.disabled = yes;
    this.button.classList.toggle("is-busy", yes);
    this.root.setAttribute("aria-busy", String(yes));
    this.say(yes ? this.t("sending") : "");
  }

  close() {
    this.drafts?.stop();
    this.form?.destroy();
  }
}

export default function form(root) {
  const page = new Page(root);
  const key = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) page.submit();
  };
  root.addEventListener("keydown", key);
  page.button?.addEventListener("click", () => page.submit());
  page.open();
  return () => page.close();
}
