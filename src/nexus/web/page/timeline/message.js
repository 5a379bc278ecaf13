/** One message, stored or on its way; and the other events of a room's log. */

import { Component } from 'preact';
import { foresee } from '../../engine/foreseen.js';
import { OTHER_AUTHOR, revocable } from '../../engine/outbox.js';
import { Actions } from './toolbar.js';
import { openDeeds } from './deeds.js';
import { Avatar, colourOf } from './avatar.js';
import { Coming } from './pending.js';
import { timeOf, wholeTime } from './dates.js';
import { oneself } from './actions.js';
import { rethink } from '../composer/editing.js';
import { Icon } from '../shell/icons.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';
import { addressOf } from '../shell/route.js';
import { doing } from './sentence.js';
import { happened } from './happened.js';
import { Sentence } from '../shell/names.js';
import { Saying } from './body.js';
import { openPerson, openReplies } from '../panes/panes.js';
import { stopsOf } from '../shell/roving.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */
/** @typedef {import('../../engine/outbox.js').Waiting} Waiting */

/** Whether there is no pointer that hovers, as on a phone: then a sheet has what the toolbar has. */
const touch = matchMedia('(hover: none)');

/** @type {Waiting[]} */
const NOTHING = [];

/** Messages that were drawn; each has ids of its own, so that it can be called after its text, wherever it stands. */
let count = 0;

/** @param {{name: string, guest?: boolean, opens?: boolean}} props `opens`: a click tells about them */
export function Author({ name, guest, opens = false }) {
  const kind = `by colour-${colourOf(name)}`;
  return html`
    ${opens
      ? html`<button type="button" class=${kind} dir="auto" tabindex="-1" aria-haspopup="dialog" onClick=${() => openPerson(name)}>${name}</button>`
      : html`<span class=${kind} dir="auto">${name}</span>`}
    ${guest && html`<span class="guest">${t('message.guest')}</span>`}
  `;
}

/**
 * A stored message. A timeline draws often and its messages change rarely, so each looks before it draws. Only the
 * one that is pointed at or has the focus has a toolbar in the document.
 *
 * @extends {Component<{client: Client, room: Room, event: LogEvent, by: string, grouped: boolean, quoted: boolean, pointed: boolean,
 *   edited: boolean, changed?: number, changes?: Waiting[], replies: number}, {active: boolean}>}
 */
export class Message extends Component {
  state = { active: false };

  /** @type {{current: HTMLElement | null}} */
  row = { current: null };

  id = `message-${(count += 1)}`;

  /** @param {any} next @param {{active: boolean}} state */
  shouldComponentUpdate(next, state) {
    const now = this.props;
    return next.event !== now.event || next.by !== now.by || next.grouped !== now.grouped || next.quoted !== now.quoted || next.pointed !== now.pointed
      || next.edited !== now.edited || next.changed !== now.changed || next.replies !== now.replies || state.active !== this.state.active || !alike(next.changes, now.changes);
  }

  componentDidMount() {
    if (this.row.current !== null) stopsOf(this.row.current);
  }

  componentDidUpdate() {
    if (this.row.current !== null) stopsOf(this.row.current);
  }

  /** A finger that touches a message enters it too, and leaves it before the tap is one: there only the focus counts. @param {Event} event */
  enter = (event) => {
    if (event instanceof FocusEvent) stopsOf(/** @type {HTMLElement} */ (event.currentTarget));
    if (!touched(event)) this.setState({ active: true });
  };

  /** @param {Event} event */
  leave = (event) => {
    if (touched(event)) return;
    const row = /** @type {HTMLElement} */ (event.currentTarget);
    if (event instanceof FocusEvent) setTimeout(() => stopsOf(row)); // once the focus is where it goes
    const to = event instanceof FocusEvent ? event.relatedTarget : document.activeElement;
    const stays = row.contains(/** @type {Node | null} */ (to)) || (event instanceof FocusEvent && !touch.matches && row.matches(':hover'));
    if (!stays) this.setState({ active: false });
  };

  render() {
    const { client, room, by, grouped, quoted, pointed, edited, changes = NOTHING, replies } = this.props;
    const event = foresee(this.props.event, changes, oneself(client));
    const kinds = { grouped, pointed, editing: edited, named: client.named(event), 'is-pinned': event.pinned, does: doing(event.text ?? '') };
    return html`
      <article
        class=${classes(kinds)} data-seq=${event.seq} ref=${this.row} tabindex="-1"
        id=${this.id} aria-label=${`${by}, ${timeOf(event.at)}`} aria-labelledby=${`${this.id} ${this.id}-said`}
        onPointerEnter=${this.enter} onPointerLeave=${this.leave} onFocusIn=${this.enter} onFocusOut=${this.leave}
      >
        ${event.pinned && html`<p class="pinned"><${Icon} name="pin" /> ${t('message.pinned')}</p>`}
        ${!grouped && html`<${Avatar} name=${by} />`}
        <header>
          ${!grouped && html`<${Author} name=${by} guest=${event.guest} opens />`}
          <${Time} room=${room.name} event=${event} />
        </header>
        ${event.reply_to !== undefined && !quoted && html`<${Quote} client=${client} room=${room} seq=${event.reply_to} />`}
        ${event.deleted ? html`<p class="gone" id=${`${this.id}-said`}>${t('message.deleted')}</p>` : html`<${Saying} id=${`${this.id}-said`} by=${by} text=${event.text ?? ''} people=${mentioned(event)} you=${client.own(event) ? '' : client.name} note=${event.edited === undefined ? '' : t('message.edited')} />`}
        <${Reactions} client=${client} room=${room} event=${event} coming=${emojiIn(changes)} />
        ${replies > 0 && html`
          <button type="button" class="link replied" onClick=${() => openReplies(client, room, event.seq)}>${counted(room.stretch.newer ? 'replies.atLeast' : 'replies.count', replies)}</button>
        `}
        ${changes.length > 0 && html`<${Coming} client=${client} room=${room} changes=${changes} />`}
        ${this.state.active && !touch.matches && html`<${Actions} client=${client} room=${room} event=${event} changed=${event.changed} />`}
        ${touch.matches && html`<${More} open=${() => openDeeds({ client, room, event })} />`}
      </article>
    `;
  }
}

/** The classes of a message that is so. @param {Record<string, unknown>} kinds */
function classes(kinds) {
  return ['message', ...Object.keys(kinds).filter((kind) => kinds[kind])].join(' ');
}

/** @param {Event} event */
function touched(event) {
  return event instanceof PointerEvent && event.pointerType === 'touch';
}

/** Who is mentioned, as it is written. @param {LogEvent} event */
function mentioned({ mentions, here }) {
  return here ? [...(mentions ?? []), 'here'] : mentions;
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

/** On a phone, for those who do not rest a finger on the message. @param {{open: () => void}} props */
function More({ open }) {
  return html`<button type="button" class="more" aria-haspopup="dialog" aria-label=${t('message.more')} onClick=${open}><${Icon} name="more" /></button>`;
}

/** @param {Waiting[]} [some] @param {Waiting[]} [others] */
function alike(some = NOTHING, others = NOTHING) {
  return some.length === others.length && some.every((one, index) => one === others[index]);
}

/** The emoji that are on their way. @param {Waiting[]} changes */
function emojiIn(changes) {
  return new Set(changes.map((one) => one.emoji ?? ''));
}

/**
 * A message on its way, or one that the server did not take.
 *
 * @param {{client: Client, room: Room, waiting: import('../../engine/outbox.js').Waiting, grouped: boolean,
 *   online: boolean}} props
 */
export function PendingMessage({ client, room, waiting, grouped, online }) {
  const { refused, seq } = waiting;
  return html`
    <article class=${classes({ grouped, pending: refused === undefined, refused: refused !== undefined, does: doing(waiting.text ?? '') })} tabindex="-1">
      ${!grouped && html`<${Avatar} name=${client.name} />`}
      <header>${!grouped && html`<${Author} name=${client.name} guest=${client.you?.guest} />`}</header>
      <${Saying} by=${client.name} text=${waiting.text ?? ''} />
      ${refused === undefined && seq === undefined && html`
        <p class=${online ? 'state soon' : 'state'}>${t(online ? 'message.pending' : 'message.waiting')}</p>
      `}
      ${refused !== undefined && html`
        <p class="state" role="alert">${refused === OTHER_AUTHOR ? t('message.otherAuthor') : t('message.refused', { why: refused })}</p>
      `}
      ${(refused !== undefined || (!online && revocable(waiting))) && html`<${Choices} client=${client} room=${room} waiting=${waiting} />`}
    </article>
  `;
}

/** What one can do with a message that no server has. @param {{client: Client, room: Room, waiting: Waiting}} props */
function Choices({ client, room, waiting }) {
  const { nonce, refused } = waiting;
  return html`
    <p class="choices">
      ${refused !== undefined && html`<button type="button" onClick=${() => client.again(room, nonce)}>${t('message.again')}</button>`}
      <button type="button" onClick=${() => rethink(client, room, waiting)}>${t('message.edit')}</button>
      <button type="button" onClick=${() => client.takeBack(room, nonce)}>${t('message.discard')}</button>
    </p>
  `;
}

/** Someone came, went, is somebody else here, or changed the room. @param {{event: LogEvent, by: string}} props */
export function Happening({ event, by }) {
  const { name = '', added = '', title = '', topic = '' } = event;
  return html`<p class="happening" data-seq=${event.seq}><${Sentence} text=${happened(event, by)} names=${[by, added, name, title, topic]} /></p>`;
}
