const KEYS = ['as', 'theme', 'features', 'place'];

/** What the address says after `#`: `as` (person), `theme` (light | dark), `features` (on | off), `place` (channel | chat). */
export function createSettings(changed) {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const given = () => Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].filter(([key]) => KEYS.includes(key)));
  let current = given();

  const read = () => ({
    as: current.as ?? '',
    theme: current.theme === 'dark' || current.theme === 'light' ? current.theme : system.matches ? 'dark' : 'light',
    features: current.features === 'off' ? 'off' : 'on',
    place: current.place === 'chat' ? 'chat' : 'channel',
  });
  const apply = () => {
    const now = read();
    document.documentElement.dataset.theme = now.theme;
    changed(now);
  };
  window.addEventListener('hashchange', () => {
    current = given();
    apply();
  });
  system.addEventListener('change', apply);
  return {
    read,
    start: apply,
    set: (values) => {
      current = { ...current, ...values };
      history.replaceState(null, '', `#${new URLSearchParams(current)}`);
      apply();
    },
  };
}
