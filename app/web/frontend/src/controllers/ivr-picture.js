// The picture of a flow: zoom, and the node at hand brought into view.
// data-picture-zoom="in|out|fit" on buttons; the drawing keeps its own size in width and height.

const STEP = 1.25;

export default function ivrPicture(box) {
  const canvas = box.querySelector(".ivr-picture-canvas");
  const drawing = canvas.querySelector("svg.ivr-svg");
  const own = { width: Number(drawing.getAttribute("width")), height: Number(drawing.getAttribute("height")) };
  let scale = 1;
  const show = () => {
    drawing.setAttribute("width", Math.round(own.width * scale));
    drawing.setAttribute("height", Math.round(own.height * scale));
  };
  const fit = () => Math.min(1, Math.max(0.2, (canvas.clientWidth - 4) / own.width));
  const zoom = (event) => {
    const kind = event.target.closest("[data-picture-zoom]")?.dataset.pictureZoom;
    if (!kind) return;
    scale = kind === "fit" ? fit() : Math.min(2.5, Math.max(0.2, scale * (kind === "in" ? STEP : 1 / STEP)));
    show();
  };
  const reveal = (node) => {
    const [mine, frame] = [node.getBoundingClientRect(), canvas.getBoundingClientRect()];
    canvas.scrollLeft += mine.left - frame.left - (frame.width - mine.width) / 2;
    canvas.scrollTop += mine.top - frame.top - (frame.height - mine.height) / 2;
  };
  box.addEventListener("click", zoom);
  const here = canvas.querySelector(".ivr-node.is-current") ?? canvas.querySelector(".ivr-node.is-start");
  if (here) reveal(here);
  return () => box.removeEventListener("click", zoom);
}
