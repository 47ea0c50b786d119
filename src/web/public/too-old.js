/* Runs in every browser, also in one that cannot run the app: then it says so instead of showing nothing. */
addEventListener('load', () => {
  var began = document.documentElement.hasAttribute('data-accent');
  var colours = window.CSS && CSS.supports('color', 'light-dark(red, red)');
  if (began && colours) return;
  document.getElementById('too-old').hidden = false;
  document.getElementById('opening').hidden = true;
});
