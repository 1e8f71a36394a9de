// Runs before the first paint, as a file of its own because the content security policy allows no inline script.
// The chosen theme is remembered here by src/lib/state/theme.svelte.ts; the server's settings stay the authority.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('theme');
  } catch {
    // Storage can be switched off in a browser: follow the system then.
  }
  var isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
