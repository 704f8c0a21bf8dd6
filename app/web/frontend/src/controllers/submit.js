// A plain form that is sent once: its buttons rest while it is on its way; Ctrl+Enter sends it.

export default function submit(form) {
  const rest = (event) => {
    if (event.defaultPrevented) return;
    setTimeout(() => {
      form.querySelectorAll("[type=submit]").forEach((button) => {
        button.disabled = true;
        button.classList.add("is-busy");
      });
    });
  };
  const wake = () => {
    form.querySelectorAll("[type=submit].is-busy").forEach((button) => {
      button.disabled = false;
      button.classList.remove("is-busy");
    });
  };
  const key = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  };
  form.addEventListener("submit", rest);
  form.addEventListener("keydown", key);
  form.addEventListener("htmx:afterRequest", wake);
  window.addEventListener("pageshow", wake);
  return () => {
    window.removeEventListener("pageshow", wake);
  };
}
