// The telephone that tries a flow: the keys 0-9, * and # of the keyboard press its buttons, Backspace waits.

export default function ivrPhone(phone) {
  const typing = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const button =
      event.key === "Backspace"
        ? phone.querySelector("[data-phone-wait]")
        : [...phone.querySelectorAll("[data-phone-key]")].find((one) => one.dataset.phoneKey === event.key);
    if (!button || button.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  };
  const heard = phone.querySelector("[data-phone-heard]");
  if (heard) heard.scrollTop = heard.scrollHeight;
  document.addEventListener("keydown", typing, true);
  return () => document.removeEventListener("keydown", typing, true);
}
