// form-js asks its `translate` service for every text of its own; the table comes with the page.

function fill(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A form-js module with our texts. */
export function translateModule(table) {
  return { translate: ["value", (template, values) => fill(table[template] ?? template, values)] };
}

/** A function giving the page's own texts by key. */
export function words(table) {
  return (key, values) => fill(table[key] ?? key, values);
}
