/* Before the app is here: in the colours that are chosen, and in the shape of what comes, by who is signed in here. */
(() => {
  const root = document.documentElement;
  const [, slot = 0, first] = /^\/(?:(\d)(?:\/|$))?(\w*)/.exec(location.pathname) ?? [];
  if (!/^(setup|join|enter)$/.test(first) && localStorage.getItem(`parley-account-${slot}`)) {
    root.dataset.opening = first === 'c' ? 'conversation' : 'list';
  }
  try {
    Object.assign(
      root.dataset,
      { scheme: 'system', scale: 100 },
      JSON.parse(localStorage.getItem('parley-appearance')),
    );
    delete root.dataset.accent;
  } catch {
    // The app does without what it cannot read, too.
  }
})();
