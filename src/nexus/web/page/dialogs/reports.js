/** What was reported, for moderators: the message as it was, and being done with it. */

import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { dayName, timeOf } from '../timeline/dates.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */
/** @typedef {{report: number, at: number, by: string, room: string, seq: number, person: string, reason?: string, events: LogEvent[]}} Report */

/** @param {{client: Client}} props */
export function ReportsDialog({ client }) {
  client.status.watch;
  const [reports, listed] = useState(/** @type {Report[] | null} */ (null));
  const [said, say] = useState('');
  const look = () => client.ask('reports').then((/** @type {any} */ done) => listed(done.reports ?? []));
  useEffect(() => void (client.online && look().catch((why) => say(failure(why)))), [client.online]);
  /** @param {Promise<unknown>} action */
  const run = (action) => action.then(look).then(() => say(t('you.saved'))).catch((why) => say(failure(why)));
  return html`
    <${Dialog} title=${t('reports.title')}>
      ${reports?.length === 0 && html`<p class="hint">${t('reports.none')}</p>`}
      ${(reports ?? []).map((one) => html`<${Reported} key=${one.report} client=${client} report=${one} run=${run} />`)}
      <p class="why" role="status">${said}</p>
    <//>
  `;
}

/** @param {{client: Client, report: Report, run: (action: Promise<unknown>) => void}} props */
function Reported({ client, report, run }) {
  const { events, seq, person, by, room, reason, at } = report;
  const off = !client.online;
  return html`
    <section>
      <h3>${t('reports.of', { by, room: client.rooms.calledAs(room) })} <span class="hint">${dayName(at)}, ${timeOf(at)}</span></h3>
      ${reason !== undefined && reason !== '' && html`<p dir="auto">${reason}</p>`}
      <blockquote>
        ${events.filter((event) => event.type === 'posted').map((event) => html`
          <p key=${event.seq} dir="auto">${event.seq === seq ? html`<strong>${event.by}: ${event.text}</strong>` : `${event.by}: ${event.text}`}</p>
        `)}
      </blockquote>
      <p class="choices">
        <button type="button" disabled=${off} onClick=${() => run(client.ask('mute', { person, minutes: 60 }))}>${t('sanction.mute.hour')}</button>
        <button type="button" disabled=${off} onClick=${() => run(client.ask('ban', { person, hours: 24 }))}>${t('sanction.ban.day')}</button>
        <button type="button" disabled=${off} onClick=${() => run(client.ask('settle', { report: report.report }))}>${t('reports.settle')}</button>
      </p>
    </section>
  `;
}
