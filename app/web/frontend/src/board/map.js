// The map of the board on a canvas: lines of the feeders, outages as circles as large as many are out, crews as squares.
// Tiles are drawn where the installation names a server for them; without, the grid itself is the map.
import L from "leaflet";

const COLOURS = { red: "#c92a2a", orange: "#d9730d", yellow: "#b58900", green: "#2b8a3e", grey: "#6b7785" };
const CREWS = { free: "#2b8a3e", off: "#6b7785" };
const LIVE = "#4b7f86";
const DEAD = "#c92a2a";

const radius = (customers) => Math.min(26, 6 + 2.2 * Math.log2(1 + customers));

/** `element` carries data-map (address of lines), data-tiles, data-tiles-by and texts; `opened(id)` is told of a click. */
export function mapOf(element, opened) {
  const map = L.map(element, { preferCanvas: true, zoomSnap: 0.5, attributionControl: Boolean(element.dataset.tilesBy), keyboard: true }).setView([30, 115], 5);
  if (element.dataset.tiles) {
    L.tileLayer(element.dataset.tiles, { maxZoom: 19, attribution: element.dataset.tilesBy }).addTo(map);
  }
  const canvas = L.canvas({ padding: 0.3 });
  const lines = L.layerGroup().addTo(map);
  const circles = L.layerGroup().addTo(map);
  const crewLayer = L.layerGroup().addTo(map);
  const byId = new Map();
  const marks = new Map(); // what each circle shows
  const crewById = new Map();
  let fitted = false;
  let asked;
  let shown;

  const drawLines = (drawn) => {
    lines.clearLayers();
    for (const line of drawn.lines) {
      L.polyline(line.points, { renderer: canvas, color: line.live ? LIVE : DEAD, weight: line.live ? 1.5 : 3, dashArray: line.live ? undefined : "6 4", opacity: 0.85, interactive: false }).addTo(lines);
    }
    for (const point of drawn.points) {
      const open = point.open ? { fillOpacity: 0, weight: 2 } : { fillOpacity: 1, weight: 1 };
      const size = { substation: 7, distribution_transformer: 1.8 }[point.kind] ?? 3;
      L.circleMarker([point.lat, point.lon], { renderer: canvas, radius: size, color: point.live ? LIVE : DEAD, fillColor: point.live ? LIVE : DEAD, ...open }).bindTooltip(point.name).addTo(lines);
    }
  };

  const ask = async () => {
    const box = map.getBounds();
    const round = (value) => value.toFixed(4);
    const bounds = [box.getSouth(), box.getWest(), box.getNorth(), box.getEast()].map(round).join(",");
    const address = `${element.dataset.map}?${fitted ? `bounds=${bounds}` : ""}`;
    if (address === asked) return;
    asked = address;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const text = await answer.text();
    if (text === shown) return; // an outage changed, and no line or switch with it
    shown = text;
    const drawn = JSON.parse(text);
    drawLines(drawn);
    if (!fitted) fit(drawn);
  };

  const fit = (drawn) => {
    const all = [...byId.values()].map((circle) => circle.getLatLng());
    const found = all.length ? all : [...drawn.points.map((p) => [p.lat, p.lon]), ...drawn.lines.flatMap((l) => l.points)];
    if (found.length === 0) return;
    fitted = true;
    map.fitBounds(L.latLngBounds(found).pad(0.15), { maxZoom: 15 });
  };

  const follow = (points, crews) => {
    const there = new Set();
    for (const point of points) {
      const [id, lat, lon, customers, colour, number, place] = point;
      there.add(id);
      const mark = point.join();
      if (marks.get(id) === mark) continue; // hundreds stand as they stood
      marks.set(id, mark);
      const style = { radius: radius(customers), color: COLOURS[colour] ?? COLOURS.grey, fillColor: COLOURS[colour] ?? COLOURS.grey, fillOpacity: 0.45, weight: 2 };
      const words = `${number} ${place} · ${element.dataset.textCustomers.replace("{n}", customers)}`;
      const before = byId.get(id);
      if (before) before.setLatLng([lat, lon]).setStyle(style).setRadius(style.radius).setTooltipContent(words);
      else byId.set(id, L.circleMarker([lat, lon], { renderer: canvas, ...style }).bindTooltip(words).on("click", () => opened(id)).addTo(circles));
    }
    for (const [id, circle] of byId) {
      if (there.has(id)) continue;
      circle.remove();
      byId.delete(id);
      marks.delete(id);
    }
    followCrews(crews);
  };

  const followCrews = (crews) => {
    const there = new Set();
    for (const [id, name, lat, lon, state, old] of crews) {
      there.add(id);
      const words = `${element.dataset.textCrew} ${name}`;
      const colour = CREWS[state] ?? "#124f96";
      const icon = L.divIcon({ className: "crew-mark", iconSize: [18, 18], html: "" });
      let mark = crewById.get(id);
      if (!mark) {
        mark = L.marker([lat, lon], { icon, keyboard: false, alt: words }).bindTooltip(name, { permanent: false }).addTo(crewLayer);
        crewById.set(id, mark);
      }
      mark.setLatLng([lat, lon]).setOpacity(old ? 0.5 : 1);
      mark.getElement()?.style.setProperty("--crew-colour", colour);
    }
    for (const [id, mark] of crewById) {
      if (there.has(id)) continue;
      mark.remove();
      crewById.delete(id);
    }
  };

  const show = (id) => {
    const circle = byId.get(id);
    if (!circle) return false;
    map.setView(circle.getLatLng(), Math.max(map.getZoom(), 14));
    circle.openTooltip();
    return true;
  };

  map.on("moveend", () => fitted && ask());
  const resized = () => map.invalidateSize();
  window.addEventListener("resize", resized);
  ask();
  return { follow, show, again: () => ((asked = undefined), ask()), resized };
}
