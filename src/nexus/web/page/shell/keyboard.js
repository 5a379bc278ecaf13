/** The keyboard of a phone: where the browser lays it over the page, the page ends above it. */

/** Taller than that, and where nothing is enlarged, it is a keyboard and no bar of the browser that comes and goes. */
const KEYBOARD = 100;

export function stayAboveKeyboard() {
  const { visualViewport: seen } = window;
  if (!seen) return;
  const fit = () => {
    const covered = (seen.scale ?? 1) < 1.01 && innerHeight - seen.height > KEYBOARD;
    document.documentElement.style.setProperty('--seen', covered ? `${seen.height}px` : '');
    if (covered) scrollTo(0, 0); // Safari moves the page up, and half of it out of sight
  };
  for (const change of ['resize', 'scroll']) seen.addEventListener(change, fit);
  fit();
}
