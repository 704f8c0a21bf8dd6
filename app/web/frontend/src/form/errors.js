// Shows what is wrong at the fields and, with their names, above the form; moves the reader to the first one.

function children(component) {
  return (component.components ?? []).flatMap((inner) => (inner.type === "group" && !inner.path ? children(inner) : [inner]));
}

/** The component of a path such as `parts.0.name`, with the list numbers on the way. */
export function locateField(schema, path) {
  let level = children(schema);
  let found;
  const indexes = [];
  for (const part of path.split(".")) {
    if (/^\d+$/.test(part)) indexes.push(Number(part));
    else {
      found = level.find((component) => (component.path ?? component.key) === part || component.key === part);
      if (!found) return undefined;
      level = children(found);
    }
  }
  return { component: found, indexes };
}

function put(errors, { component, indexes }, messages) {
  const steps = [component.id, ...indexes];
  let place = errors;
  for (const step of steps.slice(0, -1)) place = place[step] ??= {};
  place[steps.at(-1)] = messages;
}

function list(messages) {
  return Array.isArray(messages) ? messages : [String(messages)];
}

function summary(form, schema, byPath) {
  const lines = Object.entries(byPath).map(([path, messages]) => {
    const found = locateField(schema, path);
    const label = found?.component.label || found?.component.dateLabel || found?.component.timeLabel || path;
    return [label, list(messages).join(" ")];
  });
  return lines.map(([label, words]) => {
    const line = document.createElement("li");
    line.textContent = label ? `${label}: ${words}` : words;
    return line;
  });
}

/** `byPath` are the server's errors; without them the fields already show those of the browser. */
export function showErrors(page, byPath, message = "") {
  const { root, form } = page;
  const { schema, errors } = form._getState();
  const next = { ...errors };
  for (const [path, messages] of Object.entries(byPath)) {
    const found = locateField(schema, path);
    if (found?.component) put(next, found, list(messages));
  }
  form._setState({ errors: next });

  const box = root.querySelector(".ll-form-errors");
  const lines = summary(form, schema, byPath);
  const heading = document.createElement("div");
  heading.textContent = message;
  if (lines.length) {
    const items = document.createElement("ul");
    items.append(...lines);
    heading.append(items);
  }
  box.replaceChildren(heading);
  box.hidden = !message && lines.length === 0;
  requestAnimationFrame(() => focusFirst(root, box));
}

function focusFirst(root, box) {
  const field = root.querySelector(".fjs-has-errors :is(input, textarea, select, button, [tabindex])");
  if (field) {
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  } else if (!box.hidden) box.focus();
}
