/** Choose an emoji for a message: by its name, or by looking. Arrow keys move, Enter takes, Escape gives up. */

import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { insert, insertedNear } from '../composer/inserting.js';
import { TONES, chooseTone, tone, toned } from '../composer/tone.js';
import { dialog } from '../panes/panes.js';
import { selected, toggle } from '../timeline/actions.js';
import { endWalk } from '../timeline/walk.js';
import { html } from '../shell/html.js';
import { isComposing } from '../shell/typing.js';
import { shared } from '../../engine/keep.js';
import { t } from '../shell/language.js';

/** Emoji that one used last, and what is offered before one has used any. */
const RECENT = 16;
const FIRST = ['👍', '❤️', '😂', '🎉', '👀', '🙏', '✅', '😢'];

/** @typedef {typeof import('./emoji.js')} Emojis */

/** For a message. */
export function PickerDialog() {
  const about = selected.value;
  if (about === null) return null;
  return html`<${Picker} title=${t('picker.title', { name: about.event.by })} near=${about.near} choose=${(/** @type {string} */ emoji) => (endWalk(), toggle(about, emoji))} />`;
}

/** For what one writes. */
export function InsertDialog() {
  return html`<${Picker} title=${t('picker.insert')} near=${insertedNear()} choose=${insert} />`;
}

/** @param {{title: string, near?: DOMRect, choose: (emoji: string) => void}} props */
function Picker({ title, near, choose }) {
  const [emojis, setEmojis] = useState(/** @type {Emojis | null} */ (null));
  const [searched, seek] = useState('');
  useEffect(() => void import('./emoji.js').then(setEmojis, () => {}), []);
  /** @param {string} emoji */
  const take = (emoji) => {
    shared.set('emoji', [emoji, ...often().filter((one) => one !== emoji)].slice(0, RECENT));
    dialog.value = '';
    choose(toned(emoji));
  };
  const groups = emojis === null ? [] : groupsFor(emojis, searched);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const first = groups[0]?.[1][0];
    if (first !== undefined) take(first.emoji);
  };
  return html`
    <${Dialog} title=${title} kind="picker" near=${near}>
      <form role="search" onSubmit=${submit}>
        <input
          autofocus aria-label=${t('picker.label')} placeholder=${t('picker.hint')} value=${searched} spellcheck=${false}
          autocomplete="off" autocapitalize="off" onInput=${(/** @type {any} */ event) => seek(event.target.value)} onKeyDown=${step}
        />
        <select aria-label=${t('picker.tone')} title=${t('picker.tone')} onChange=${(/** @type {any} */ event) => chooseTone(event.target.value)}>
          ${TONES.map((one) => html`<option key=${one} value=${one} selected=${tone.value === one}>${toned('✋', one)}</option>`)}
        </select>
      </form>
      <div class="emojis" tabindex="-1" onKeyDown=${step}>
        ${groups.map(([name, found]) => html`<${Group} key=${name} name=${name} found=${found} take=${take} />`)}
        ${groups.length === 0 && html`<p class="hint" role="status">${t(emojis === null ? 'picker.loading' : 'picker.none')}</p>`}
      </div>
    <//>
  `;
}

/** @param {{name: string, found: import('./emoji.js').Emoji[], take: (emoji: string) => void}} props */
function Group({ name, found, take }) {
  return html`
    <section aria-label=${name}>
      <h3>${name}</h3>
      <div class="grid">
        ${found.map((one) => html`
          <button type="button" key=${one.emoji} title=${one.name} aria-label=${`${toned(one.emoji)} ${one.name}`} onClick=${() => take(one.emoji)}>
            ${toned(one.emoji)}
          </button>
        `)}
      </div>
    </section>
  `;
}

/** @returns {string[]} */
function often() {
  return shared.get('emoji', FIRST);
}

/** Groups with their names. @param {Emojis} emojis @param {string} searched @returns {[string, import('./emoji.js').Emoji[]][]} */
function groupsFor(emojis, searched) {
  if (searched.trim() !== '') {
    const found = emojis.findEmoji(searched);
    return found.length > 0 ? [[t('picker.found'), found]] : [];
  }
  const recent = often().map((emoji) => ({ emoji, name: emojis.nameOf(emoji), codes: [], words: [] }));
  return [
    [t('picker.often'), recent],
    ...emojis.GROUPS.map(([group, found]) => /** @type {[string, import('./emoji.js').Emoji[]]} */ ([t(`picker.${group}`), found])),
  ];
}

/** From the box into the emoji, and among them by what is beside and below. @param {KeyboardEvent} event */
function step(event) {
  if (isComposing(event)) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const dialog = /** @type {HTMLElement} */ (target.closest('dialog'));
  const all = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll('.emojis button')]);
  const at = all.indexOf(target);
  let to;
  if (event.key === 'ArrowDown') to = at < 0 ? all[0] : beyond(all, target, 1);
  else if (event.key === 'ArrowUp' && at >= 0) to = beyond(all, target, -1) ?? dialog.querySelector('input');
  else if (event.key === 'ArrowRight' && at >= 0) to = all[at + 1];
  else if (event.key === 'ArrowLeft' && at >= 0) to = all[at - 1];
  else return;
  event.preventDefault();
  if (to instanceof HTMLElement) to.focus();
}

/**
 * The nearest in the next line up or down.
 *
 * @param {HTMLElement[]} all @param {HTMLElement} from @param {1 | -1} way
 */
function beyond(all, from, way) {
  const { top, left } = from.getBoundingClientRect();
  const others = all.map((one) => ({ one, box: one.getBoundingClientRect() })).filter(({ box }) => (box.top - top) * way > 4);
  const line = Math.min(...others.map(({ box }) => box.top * way));
  const nearest = others.filter(({ box }) => Math.abs(box.top * way - line) < 4);
  return nearest.sort((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.one;
}
