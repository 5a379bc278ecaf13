/** Which keys there are. */

import { enters } from '../composer/entering.js';
import { Dialog } from './dialog.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

const command = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl';

/** @returns {[string[], import('../shell/language.js').Key][]} */
const all = () => [
  [[command, 'K'], 'keys.switch'],
  [['Alt', 'A'], 'keys.nextUnread'],
  [['F6'], 'keys.regions'],
  [enters.value === 'send' ? ['Enter'] : [command, 'Enter'], 'keys.send'],
  [enters.value === 'send' ? ['Shift', 'Enter'] : ['Enter'], 'keys.break'],
  [[command, 'B'], 'keys.bold'],
  [[command, 'I'], 'keys.italic'],
  [[command, 'E'], 'keys.code'],
  [['Tab'], 'keys.complete'],
  [['↑'], 'keys.editLast'],
  [['Shift', '↑'], 'keys.up'],
  [['R'], 'keys.reply'],
  [['+'], 'keys.react'],
  [['E'], 'keys.edit'],
  [['P'], 'keys.pin'],
  [['C'], 'keys.link'],
  [['U'], 'keys.unread'],
  [['F'], 'keys.report'],
  [['Del'], 'keys.delete'],
  [['/'], 'keys.search'],
  [['Esc'], 'keys.newest'],
  [['?'], 'keys.help'],
];

export function KeysDialog() {
  return html`
    <${Dialog} title=${t('keys.title')}>
      <dl class="keys">
        ${all().map(
          ([keys, what]) => html`
            <div>
              <dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${t(what)}</dd>
            </div>
          `,
        )}
      </dl>
    <//>
  `;
}
