/** What one can do with a message, as a sheet that a finger opens. */

import { copy } from '../timeline/code.js';
import { selected } from '../timeline/actions.js';
import { Actions } from '../timeline/toolbar.js';
import { Dialog } from './dialog.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { Icon } from '../shell/icons.js';
import { t } from '../shell/language.js';

export function DeedsDialog() {
  const about = selected.value;
  if (about === null) return null;
  const { client, room, event } = about;
  const take = () => {
    dialog.value = '';
    setTimeout(async () => (await copy(event.text ?? '')) && client.tell(t('message.textCopied'))); // once nothing is before the page
  };
  return html`
    <${Dialog} title=${t('message.actions', { name: event.by })} kind="deeds">
      <${Actions} client=${client} room=${room} event=${event} sheet />
      ${!event.deleted && html`<button type="button" class="deed" onClick=${take}><${Icon} name="copy" /> ${t('message.copy')}</button>`}
    <//>
  `;
}
