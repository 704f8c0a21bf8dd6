// Texts for people come with the page, in the reader's language (web/texts.py).

let texts;

function load() {
  const element = document.getElementById("texts");
  texts = element ? JSON.parse(element.textContent) : {};
}

/** The text of this key with `{name}` replaced. */
export function text(key, values = {}) {
  if (!texts) load();
  const template = texts[key] ?? key;
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
