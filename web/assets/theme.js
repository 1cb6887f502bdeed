// Before the page is painted: light or dark, as the account or the computer says.
const wanted = document.documentElement.dataset.bsTheme;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  document.documentElement.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
};
paint();
dark.addEventListener("change", paint);
