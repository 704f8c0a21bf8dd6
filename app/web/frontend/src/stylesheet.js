// A style sheet that only some pages need, added once; resolves when it is in force.

export function addStylesheet(href) {
  const present = [...document.styleSheets].some((sheet) => sheet.href === new URL(href, document.baseURI).href);
  if (present) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", resolve, { once: true });
    document.head.append(link);
  });
}
