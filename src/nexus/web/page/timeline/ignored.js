/** What people said whom one ignores: that it is there, and a way to see it all the same. */

import { redraw } from '../../engine/ignoring.js';
import { html } from '../shell/html.js';
import { counted, t } from '../shell/language.js';

/** @param {{client: import('../../engine/client.js').Client, events: import('../../engine/types.js').LogEvent[]}} props one after the other */
export function Ignored({ client, events }) {
  const show = () => {
    client.ignoring.show(events);
    redraw(client);
  };
  return html`
    <p class="happening ignored" data-seq=${events.at(-1)?.seq}>
      ${counted('ignored.messages', events.length)} <button type="button" class="link" tabindex="-1" onClick=${show}>${t('ignored.show')}</button>
    </p>
  `;
}
