// Runs before the first paint, so that nobody is flashed by the other theme.
(() => {
  const key = 'scalpstorm.theme';
  let chosen = null;
  try {
    chosen = localStorage.getItem(key);
  } catch {
    // Storage may be forbidden; the system's preference is used then.
  }
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
})();
