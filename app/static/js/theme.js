// Light or dark at once. The cookie lets the server write the choice into the next page.
const YEAR = 365 * 24 * 3600;

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

function choose(theme, button) {
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `theme=${theme};path=/;max-age=${YEAR};samesite=lax${secure}`;
  button.value = theme === "dark" ? "light" : "dark";
  button.setAttribute("aria-label", button.dataset[button.value]);
}

export function start() {
  for (const form of document.querySelectorAll("[data-theme-form]")) {
    const button = form.querySelector("button");
    button.setAttribute("aria-label", button.dataset[isDark() ? "light" : "dark"]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      choose(isDark() ? "light" : "dark", button);
    });
  }
}
