// Fields that the device fills and nobody sees: components whose `properties.role` is stamp.lat, stamp.lon,
// stamp.accuracy (metres) or stamp.at (the device's time). They leave the shown form and join the values sent.

function take(parent, keys) {
  parent.components = (parent.components ?? []).filter((component) => {
    const role = component.properties?.role ?? "";
    if (role.startsWith("stamp.")) keys.set(role.slice("stamp.".length), component);
    else take(component, keys);
    return !role.startsWith("stamp.");
  });
  if (parent.components.length === 0) delete parent.components;
}

/** Take the stamp fields out of a schema (changed in place). */
export function takeStamps(schema) {
  const fields = new Map();
  take(schema, fields);
  schema.components ??= [];
  const found = {};

  return {
    wanted: fields.size > 0,
    /** Show the panel and look for the place, again when asked to. */
    watch(panel, locate, text) {
      const status = panel.querySelector("[data-stamp-status]");
      const look = async () => {
        status.textContent = text("locating");
        try {
          Object.assign(found, await locate());
          status.textContent = text("located", { accuracy: found.accuracy });
        } catch (reason) {
          status.textContent = text(reason.message);
        }
      };
      panel.hidden = false;
      panel.querySelector("[data-stamp-take]").addEventListener("click", look);
      look();
    },
    /** What is sent: the place where it is known, the device's time of this moment. */
    values() {
      const now = { ...found, at: new Date().toISOString() };
      const pairs = [...fields].filter(([name]) => now[name] !== undefined);
      return Object.fromEntries(
        pairs.map(([name, { key, type }]) => [key, type === "number" ? Number(now[name]) : String(now[name])]),
      );
    },
  };
}
