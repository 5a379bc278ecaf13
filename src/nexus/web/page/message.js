/** One message, stored or on its way; and the other events of a room's log. */

import { Component } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { OTHER_AUTHOR } from '../engine/outbox.js';
import { Avatar, colourOf } from './avatar.js';
import { complete, copy } from './code.js';
import { timeOf, wholeTime } from './dates.js';
import { Icon } from './icons.js';
import { render } from './markdown.js';
import { Quote } from './quote.js';
import { addressOf } from './route.js';
import { replying } from './replying.js';
import { t } from './words.js';
import { write } from './keys.js';
import { html } from './html.js';

/** @typedef {import('../engine/client.js').Client} Client */
/** @typedef {import('../engine/room.js').Room} Room */
/** @typedef {import('../engine/types.js').LogEvent} LogEvent */

/** A text as Markdown; made once per text. @param {{text: string}} props */
function Text({ text }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useLayoutEffect(() => {
    box.current?.replaceChildren(render(text));
    if (box.current !== null) complete(box.current);
  }, [text]);
  return html`<div class="text" dir="auto" ref=${box}></div>`;
}

/** @param {{name: string, guest?: boolean}} props */
function Author({ name, guest }) {
  return html`
    <span class=${`by colour-${colourOf(name)}`} dir="auto">${name}</span>
    ${guest && html`<span class="guest">${t('message.guest')}</span>`}
  `;
}

/**
 * A stored message. A timeline draws often and its messages change rarely, so each looks before it draws.
 *
 * @extends {Component<{client: Client, room: Room, event: LogEvent, by: string, grouped: boolean, pointed: boolean,
 *   changed?: number}>}
 */
export class Message extends Component {
  /** @param {any} next */
  shouldComponentUpdate(next) {
    const now = this.props;
    return next.event !== now.event || next.by !== now.by || next.grouped !== now.grouped || next.pointed !== now.pointed
      || next.changed !== now.changed;
  }

  render() {
    const { client, room, event, by, grouped, pointed } = this.props;
    const kind = `message ${grouped ? 'grouped' : ''} ${pointed ? 'pointed' : ''}`;
    return html`
      <article class=${kind} data-seq=${event.seq} tabindex="-1" aria-label=${`${by}, ${timeOf(event.at)}`}>
        ${!grouped && html`<${Avatar} name=${by} />`}
        <header>
          ${!grouped && html`<${Author} name=${by} guest=${event.guest} />`}
          <${Time} room=${room.name} event=${event} />
        </header>
        ${event.reply_to !== undefined && html`<${Quote} client=${client} room=${room} seq=${event.reply_to} />`}
        ${event.deleted ? html`<p class="gone">${t('message.deleted')}</p>` : html`<${Text} text=${event.text ?? ''} />`}
        ${event.edited !== undefined && html`<p class="state">${t('message.edited')}</p>`}
        <${Actions} client=${client} room=${room} event=${event} />
      </article>
    `;
  }
}

/** @param {{room: string, event: LogEvent}} props */
function Time({ room, event }) {
  const time = timeOf(event.at);
  return html`
    <a class="time" href=${addressOf(room, event.seq)} tabindex="-1" title=${wholeTime(event.at)} aria-label=${t('message.at', { time })}>
      <time datetime=${new Date(event.at).toISOString()}>${time}</time>
    </a>
  `;
}

/** What one can do with a message. @param {{client: Client, room: Room, event: LogEvent}} props */
function Actions({ client, room, event }) {
  const reply = () => {
    replying.set(room, { seq: event.seq, by: event.by, text: event.text ?? '' });
    write();
  };
  const link = async () => {
    if (await copy(new URL(addressOf(room.name, event.seq), location.href).href)) client.tell(t('room.copied'));
  };
  return html`
    <div class="actions">
      <button type="button" class="reply" tabindex="-1" title=${t('message.reply')} aria-label=${t('message.reply')} onClick=${reply}>
        <${Icon} name="reply" />
      </button>
      <button type="button" tabindex="-1" title=${t('message.link')} aria-label=${t('message.link')} onClick=${link}>
        <${Icon} name="link" />
      </button>
    </div>
  `;
}

/**
 * A message on its way, or one that the server did not take.
 *
 * @param {{client: Client, room: Room, waiting: import('../engine/outbox.js').Waiting, grouped: boolean,
 *   online: boolean}} props
 */
export function PendingMessage({ client, room, waiting, grouped, online }) {
  const { nonce, refused, seq } = waiting;
  const edit = () => {
    room.draft = [client.takeBack(room, nonce), room.draft].filter(Boolean).join('\n');
    room.drafted.changed();
    write();
  };
  return html`
    <article class=${`message ${grouped ? 'grouped' : ''} ${refused === undefined ? 'pending' : 'refused'}`} tabindex="-1">
      ${!grouped && html`<${Avatar} name=${client.name} />`}
      <header>${!grouped && html`<${Author} name=${client.name} guest=${client.you?.guest} />`}</header>
      <${Text} text=${waiting.text} />
      ${refused === undefined && seq === undefined && html`
        <p class=${online ? 'state soon' : 'state'}>${t(online ? 'message.pending' : 'message.waiting')}</p>
      `}
      ${refused !== undefined && html`
        <p class="state" role="alert">${refused === OTHER_AUTHOR ? t('message.otherAuthor') : t('message.refused', { why: refused })}</p>
        <p class="choices">
          <button type="button" onClick=${() => client.again(room, nonce)}>${t('message.again')}</button>
          <button type="button" onClick=${edit}>${t('message.edit')}</button>
          <button type="button" onClick=${() => client.takeBack(room, nonce)}>${t('message.discard')}</button>
        </p>
      `}
    </article>
  `;
}

/** Someone came, went, or changed the topic. @param {{event: LogEvent, by: string}} props */
export function Happening({ event, by }) {
  const topic = event.topic ? t('room.topic', { name: by, topic: event.topic }) : t('room.topicGone', { name: by });
  /** @type {Record<string, string>} */
  const text = { joined: t('room.joined', { name: by }), left: t('room.left', { name: by }), configured: topic, posted: '' };
  return html`<p class="happening" data-seq=${event.seq} dir="auto">${text[event.type]}</p>`;
}
