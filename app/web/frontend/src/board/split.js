// The bar between the list and what stands beside it: dragged, or moved by arrow keys. The width is kept on this device.

const KEY = "lightline.board.width";
const LEAST = 30;
const MOST = 75;

export function splitting(split, bar) {
  const set = (share) => {
    const width = Math.min(MOST, Math.max(LEAST, Math.round(share)));
    split.style.setProperty("--board-width", `${width}%`);
    bar.setAttribute("aria-valuenow", width);
    try {
      localStorage.setItem(KEY, width);
    } catch {
      // a device that keeps nothing begins anew each time
    }
    window.dispatchEvent(new Event("resize"));
  };
  const kept = () => {
    try {
      return Number(localStorage.getItem(KEY));
    } catch {
      return 0;
    }
  };
  const drag = (event) => {
    const box = split.getBoundingClientRect();
    set(((event.clientX - box.left) / box.width) * 100);
  };
  const down = (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.addEventListener("pointermove", drag);
    bar.addEventListener("pointerup", () => bar.removeEventListener("pointermove", drag), { once: true });
  };
  const key = (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
    if (!step) return;
    event.preventDefault();
    set(Number(bar.getAttribute("aria-valuenow")) + step);
  };
  if (kept()) set(kept());
  bar.addEventListener("pointerdown", down);
  bar.addEventListener("keydown", key);
}
