// The file field: uploads at once with progress, shows small pictures, holds the ids of the stored files.
import { Description, Errors, Label } from "@bpmn-io/form-js-viewer";
import { h } from "preact";
import { useRef, useState } from "preact/hooks";
import { csrfToken } from "../requests.js";
import { words } from "./translate.js";

/** Whether an upload inside this element is not finished. */
export const uploadsUnderWay = (root) => root.querySelector("[data-uploading]") !== null;

function send(url, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total));
    });
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else reject(new Error(request.response?.message ?? String(request.status)));
    });
    request.addEventListener("error", () => reject(new Error("offline")));
    request.send(body);
  });
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function Chosen({ file, url, remove, t }) {
  const address = `${url}/${file.id}`;
  return h("li", { class: "ll-file" }, [
    file.picture
      ? h("a", { href: address, target: "_blank" }, h("img", { src: `${address}?small=1`, alt: file.name, width: 72, height: 54 }))
      : h("a", { href: address }, file.name),
    h("span", { class: "ll-file-name" }, `${file.picture ? `${file.name} · ` : ""}${size(file.size)}`),
    remove && h("button", { type: "button", class: "btn btn-sm", onClick: remove, "aria-label": t("remove_file", { name: file.name }) }, "×"),
  ]);
}

class Uploads {
  constructor(formFields, { input, url }) {
    const known = new Map(Object.values(input.files).flat().map((file) => [file.id, file]));
    const t = words(input.texts.page);
    const component = (props) => h(UploadField, { ...props, known, url, t });
    component.config = {
      type: "filepicker",
      keyed: true,
      name: "File picker",
      group: "basic-input",
      emptyValue: [],
      sanitizeValue: ({ value }) => (Array.isArray(value) ? value.filter((id) => known.has(id)) : []),
      create: (options = {}) => ({ ...options }),
    };
    formFields.register("filepicker", component);
  }
}
Uploads.$inject = ["formFields", "config.uploads"];

/** A form-js module whose file field uploads to `url`; `input.files` describes the files already there. */
export function uploadModule(uploads) {
  return { __init__: ["uploads"], uploads: ["type", Uploads], "config.uploads": ["value", uploads] };
}

function UploadField({ field, value, onChange, domId, errors = [], disabled, readonly, known, url, t }) {
  const ids = Array.isArray(value) ? value : [];
  const latest = useRef(ids);
  latest.current = ids;
  const [running, setRunning] = useState([]);
  const [failed, setFailed] = useState([]);
  const picker = useRef(null);
  const fixed = disabled || readonly;
  const pictures = typeof field.accept === "string" && field.accept.includes("image");

  const note = (name, percent) =>
    setRunning((now) => [...now.filter((one) => one.name !== name), ...(percent === null ? [] : [{ name, percent }])]);
  const change = (next) => {
    latest.current = next;
    onChange({ value: next });
  };
  const one = async (file) => {
    note(file.name, 0);
    try {
      const stored = await send(url, file, (percent) => note(file.name, percent));
      known.set(stored.id, stored);
      change(field.multiple ? [...latest.current, stored.id] : [stored.id]);
    } catch (error) {
      const reason = error.message === "offline" ? t("no_connection") : error.message;
      setFailed((before) => [...before, t("upload_failed", { name: file.name, reason })]);
    }
    note(file.name, null);
  };
  const choose = async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    setFailed([]);
    for (const file of field.multiple ? files : files.slice(0, 1)) await one(file);
  };

  const chosen = ids.map((id) => known.get(id)).filter(Boolean);
  const shown = [...failed, ...errors];
  return h("div", { class: `fjs-form-field fjs-form-field-filepicker${shown.length ? " fjs-has-errors" : ""}` }, [
    h(Label, { htmlFor: domId, label: field.label, required: field.validate?.required }),
    h("ul", { class: "ll-files" }, [
      ...chosen.map((file) =>
        h(Chosen, { key: file.id, file, url, t, remove: fixed ? null : () => change(ids.filter((id) => id !== file.id)) }),
      ),
      ...running.map(({ name, percent }) =>
        h("li", { key: name, class: "ll-file", "data-uploading": "" }, [
          h("progress", { max: 100, value: percent, "aria-label": name }),
          h("span", { class: "ll-file-name" }, t("uploading", { name, percent })),
        ]),
      ),
    ]),
    !fixed &&
      h("div", { class: "ll-file-pick" }, [
        h("input", {
          type: "file", id: domId, ref: picker, class: "visually-hidden", multiple: Boolean(field.multiple),
          accept: field.accept || undefined, onChange: choose, "aria-describedby": `${domId}-error`,
        }),
        h("button", { type: "button", class: "btn", "aria-hidden": "true", tabIndex: -1, onClick: () => picker.current.click() }, t(pictures ? "take_photo" : "choose_files")),
      ]),
    field.description && h(Description, { description: field.description }),
    h(Errors, { errors: shown, id: `${domId}-error` }),
  ]);
}
