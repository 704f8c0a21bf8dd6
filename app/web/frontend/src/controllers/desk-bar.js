// The bar above the desk: how long the conversation lasts, and calls that the phone tells of.
// The phone dispatches `desk:call` on document with {number, callRef, direction}; the desk begins a conversation.

export default function deskBar(bar) {
  const clock = bar.querySelector("[data-desk-clock]");
  const show = () => {
    const since = Date.parse(clock.dataset.since);
    if (Number.isNaN(since)) return;
    const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const call = async (event) => {
    const { number = "", callRef = "", direction = "inbound" } = event.detail ?? {};
    const body = new URLSearchParams({ number, call_ref: callRef, direction });
    const token = bar.querySelector("[name=csrf_token]").value;
    const address = bar.querySelector("[data-desk-phone]").dataset.url;
    await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token, "HX-Request": "true" } });
    location.assign(location.pathname);
  };
  const begun = () => {
    if (!clock.dataset.since) clock.dataset.since = new Date().toISOString();
    show();
  };
  const ticking = setInterval(show, 1000);
  show();
  document.addEventListener("desk:call", call);
  bar.addEventListener("submit", begun);
  return () => {
    clearInterval(ticking);
    document.removeEventListener("desk:call", call);
  };
}
