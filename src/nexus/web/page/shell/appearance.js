/** How the page looks in this browser: its colours, the size of its text, how close it stands, how times are written. */

import { signal } from '@preact/signals';
import { onChange, shared } from '../../engine/keep.js';

export const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

/** Of the size that the browser has. */
export const SIZES = /** @type {const} */ ({ small: '87.5%', normal: '', large: '112.5%', larger: '125%' });

/** What the person chose. @type {import('@preact/signals').Signal<typeof THEMES[number]>} */
export const theme = signal(shared.get('theme', 'system'));

/** @type {import('@preact/signals').Signal<keyof typeof SIZES>} */
export const size = signal(shared.get('size', 'normal'));

export const DENSITIES = /** @type {const} */ (['roomy', 'compact']);

/** How close messages stand. @type {import('@preact/signals').Signal<typeof DENSITIES[number]>} */
export const density = signal(shared.get('density', 'roomy'));

/** How many hours a clock shows; `locale`: as the language has it. */
export const CLOCKS = /** @type {const} */ (['locale', 'h23', 'h12']);

/** @type {import('@preact/signals').Signal<typeof CLOCKS[number]>} */
export const clock = signal(shared.get('clock', 'locale'));

const DARK = '(prefers-color-scheme: dark)';

/** Conditions that are always and never so, in the place of what the system says. */
const FORCED = { light: '(max-width: 0px)', dark: '(min-width: 0px)', system: DARK };

/** The rules that are for dark colours, with their conditions as they were written. @type {Map<CSSMediaRule, string>} */
const rules = new Map();

/** @param {typeof THEMES[number]} chosen */
export function paint(chosen) {
  shared.set('theme', chosen === 'system' ? undefined : chosen);
  theme.value = chosen;
  appear();
}

/** @param {keyof typeof SIZES} chosen */
export function resize(chosen) {
  shared.set('size', chosen === 'normal' ? undefined : chosen);
  size.value = chosen;
  appear();
}

/** @param {typeof DENSITIES[number]} chosen */
export function stand(chosen) {
  shared.set('density', chosen === 'roomy' ? undefined : chosen);
  density.value = chosen;
  appear();
}

/** @param {typeof CLOCKS[number]} chosen */
export function tellTime(chosen) {
  shared.set('clock', chosen === 'locale' ? undefined : chosen);
  clock.value = chosen;
}

/** Look as the person chose, now and where another tab chooses. */
export function appearAsChosen() {
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (rule instanceof CSSMediaRule && rule.media.mediaText.includes(DARK)) rules.set(rule, rule.media.mediaText);
    }
  }
  onChange((name) => {
    if (!['theme', 'size', 'density', 'clock'].includes(name)) return;
    theme.value = shared.get('theme', 'system');
    size.value = shared.get('size', 'normal');
    density.value = shared.get('density', 'roomy');
    clock.value = shared.get('clock', 'locale');
    appear();
  });
  appear();
}

function appear() {
  const { style, dataset } = document.documentElement;
  dataset.density = density.value;
  style.colorScheme = theme.value === 'system' ? '' : theme.value;
  style.fontSize = SIZES[size.value] ?? '';
  for (const [rule, written] of rules) rule.media.mediaText = written.replace(DARK, FORCED[theme.value] ?? DARK);
}
