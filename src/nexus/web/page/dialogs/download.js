/** Taking along what there is of oneself: it is collected first, and then there is a link to it. */

import { useEffect, useState } from 'preact/hooks';
import { everythingOfMine } from '../../engine/export.js';
import { failure } from './failure.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client, say: (sentence: string) => void}} props */
export function DownloadButton({ client, say }) {
  const [busy, setBusy] = useState(false);
  const [address, setAddress] = useState('');
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  const collect = async () => {
    setBusy(true);
    try {
      setAddress(URL.createObjectURL(new Blob([await everythingOfMine(client)], { type: 'application/jsonl' })));
    } catch (why) {
      say(failure(why));
    }
    setBusy(false);
  };
  const name = `${client.name}.jsonl`;
  if (address !== '') return html`<a href=${address} download=${name} dir="auto">${t('you.save', { name })}</a>`;
  return html`<button type="button" disabled=${busy || !client.online} onClick=${collect}>${t('you.download')}</button>`;
}
