/** The emoji that people put to a message: how many, who, and whether one did oneself. */

import { act, oneself, toggle } from './actions.js';
import { reactedBy } from '../../engine/foreseen.js';
import { lift, rest } from './resting.js';
import { Icon } from '../shell/icons.js';
import { html } from '../shell/html.js';
import { language, t } from '../shell/language.js';

/** Names told at once. */
const NAMED = 20;

/** How each language lists names. @type {Record<string, Intl.ListFormat>} */
const lists = {};

/** @param {import('./actions.js').About & {coming: Set<string>}} props `coming`: emoji that wait to be stored */
export function Reactions({ client, room, event, coming }) {
  const about = { client, room, event };
  const found = Object.entries(event.reactions ?? {});
  if (found.length === 0) return null;
  /** @param {MouseEvent} clicked */
  const more = (clicked) => act('react', about, /** @type {HTMLElement} */ (clicked.currentTarget).getBoundingClientRect());
  return html`
    <div class="reactions" role="group" aria-label=${t('reaction.all')}>
      ${found.map(([emoji, people]) => {
        const names = told(client, people);
        return html`
          <button
            type="button" class=${coming.has(emoji) ? 'chip coming' : 'chip'} key=${emoji} title=${names}
            aria-pressed=${reactedBy(event, emoji, oneself(client))} aria-label=${t('reaction.label', { emoji, count: people.length, names })}
            onPointerDown=${(/** @type {PointerEvent} */ event) => rest(event, () => client.tell(`${emoji} ${names}`))} onPointerUp=${lift}
            onPointerCancel=${lift}
            onClick=${() => toggle(about, emoji)}
          ><span class="emoji">${emoji}</span> <span class="count">${people.length}</span></button>
        `;
      })}
      <button type="button" class="chip add" aria-label=${t('message.react')} title=${t('message.react')} onClick=${more}><${Icon} name="react" /></button>
    </div>
  `;
}

/** @param {import('./actions.js').Client} client @param {import('../../engine/types.js').Person[]} people */
function told(client, people) {
  const names = people.slice(0, NAMED).map((one) => (client.own(one) ? t('reaction.you') : one.by));
  if (people.length > NAMED) names.push(t('reaction.others', { count: people.length - NAMED }));
  lists[language.value] ??= new Intl.ListFormat(language.value, { type: 'conjunction' });
  return lists[language.value].format(names);
}
