// The bar above the desk: how long the conversation lasts.

export default function deskBar(bar) {
  const clock = bar.querySelector("[data-desk-clock]");
  const show = () => {
    const since = Date.parse(clock.dataset.since);
    if (Number.isNaN(since)) return;
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const begun = () => {
    if (!clock.dataset.since) clock.dataset.since = new Date().toISOString();
    show();
  };
  const ticking = setInterval(show, 1000);
  show();
  bar.addEventListener("submit", begun);
  return () => clearInterval(ticking);
}
