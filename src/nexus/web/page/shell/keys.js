/** The keys that work anywhere on the page. */

import { focusOn, placeOf } from './focus.js';
import { nextRegion } from './regions.js';
import { isComposing, letterOf } from './typing.js';
import { byNeed } from '../../engine/need.js';
import { dialog, openSearch, panes, wide } from '../panes/panes.js';
import { walking } from '../timeline/walk.js';

/** On a Mac Control moves in a text, and Command is the page's own key. */
const MAC = /^Mac|^iP/.test(navigator.platform);

/** Whether keys led to where the focus is: what one types after a click is text. */
let led = false;

addEventListener('pointerdown', () => (led = false), true);
addEventListener('keydown', (event) => (led ||= /^(?:Tab|F6|Arrow)/.test(event.key)), true);

/** Whether someone is typing into that. @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

/**
 * @param {import('../../engine/client.js').Client} client
 * @param {(room: string) => void} goTo
 */
export function listenToKeys(client, goTo) {
  document.addEventListener('keydown', (event) => {
    if (client.stage !== 'talking' || isComposing(event) || event.defaultPrevented) return;
    const letter = letterOf(event);
    const command = MAC ? event.metaKey : event.ctrlKey || event.metaKey;
    if (command && !event.shiftKey && !event.altKey && letter === 'k') {
      event.preventDefault();
      dialog.value = dialog.value === 'switcher' ? '' : 'switcher';
    } else if (dialog.value !== '') {
      return;
    } else if (event.altKey && !command && (MAC ? event.key.toLowerCase() : letter) === 'a' && !event.getModifierState('AltGraph')) {
      event.preventDefault();
      nextUnread(client, goTo);
    } else if (event.key === 'F6') {
      event.preventDefault();
      nextRegion(document.body, event.shiftKey);
    } else if (event.key === 'Escape') {
      escape(client);
    } else if (event.key === '?' && !isText(event)) {
      event.preventDefault();
      dialog.value = 'keys';
    } else if ((command && event.shiftKey && letter === 'f') || (event.key === '/' && !isText(event))) {
      event.preventDefault();
      openSearch();
    } else if (startsText(event)) {
      focusOn('composer'); // the letter itself arrives there
    }
  });
}

/** Whether a sign that is also a key of the page belongs to what one writes. @param {KeyboardEvent} event */
function isText(event) {
  const keys = event.target instanceof Element && event.target.closest('article') ? walking() : led;
  return isField(event.target) || (!keys && startsText(event) && placeOf('composer') !== undefined);
}

/** @param {KeyboardEvent} event */
function startsText(event) {
  const { target } = event;
  const clicked = !led && !isField(target) && !(target instanceof HTMLSelectElement);
  const free = clicked || target === document.body || (target instanceof Element && target.closest('[role=log], nav'));
  const layout = event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey && /[^a-z\d]/i.test(event.key)); // ą and @ are letters, too
  const plain = layout || (!event.ctrlKey && !event.altKey);
  const sign = event.key === 'Dead' || ([...event.key].length === 1 && event.key !== ' ');
  return Boolean(free) && plain && sign && !event.metaKey;
}

/** @param {import('../../engine/client.js').Client} client */
function escape(client) {
  const overlaid = panes.value.rooms || ((panes.value.people || panes.value.search) && !wide.matches);
  if (overlaid) {
    panes.value = { rooms: false, people: false };
  } else if (client.rooms.current !== null) {
    client.rooms.current.line = null;
    client.rooms.toNewest(client.rooms.current);
    if (client.rooms.current.view.unread > 0) void client.marks.read(client.rooms.current).catch(() => {});
  }
  focusOn('composer');
}

/** @param {import('../../engine/client.js').Client} client @param {(room: string) => void} goTo */
function nextUnread(client, goTo) {
  const rooms = Object.values(byNeed(client.rooms.all, null)).flat();
  const at = rooms.findIndex((room) => room === client.rooms.current);
  const next = [...rooms.slice(at + 1), ...rooms.slice(0, at)].find((room) => room.due > 0);
  if (next !== undefined) goTo(next.name);
}
