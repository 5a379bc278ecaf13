/** Links in messages: where each leads is in sight, and one to elsewhere opens beside the page. */

import { read } from '../shell/route.js';

/** What turns the order of letters around, or shows as nothing: with it a link would read as another one. */
const TURNS = /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0]/g;

/** @param {DocumentFragment} nodes */
export function completeLinks(nodes) {
  for (const link of nodes.querySelectorAll('a')) completeLink(link);
}

/** @param {HTMLAnchorElement} link with its text */
export function completeLink(link) {
  link.dir = 'auto';
  if (link.textContent?.search(TURNS) !== -1) encode(link);
  if (link.textContent?.trim() === '') link.textContent = link.getAttribute('href');
  link.title = link.href;
  const goal = goalOf(link);
  if (link.origin !== location.origin) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  if (goal !== '' && !says(link.textContent ?? '', goal)) link.append(note(goal));
}

/** The host that a link leads to, the address of a mail, or the room of ours. @param {HTMLAnchorElement} link */
function goalOf(link) {
  if (link.protocol === 'mailto:') return decode(link.pathname);
  const place = link.origin === location.origin && !/^https?:/i.test(link.textContent ?? '') ? read(link.pathname) : null;
  return place === null ? link.host : `#${place.room}`;
}

/** Whether the text of a link is itself the address of that host, mailbox or room. @param {string} text @param {string} goal */
function says(text, goal) {
  if (text === goal || text === `mailto:${goal}`) return true;
  const address = text.trim();
  if (goal.startsWith('#')) return read(address)?.room === goal.slice(1);
  const host = /^https?:\/\/([\x21-\x3f\x41-\x7e]+?)(?:[/?#]\S*)?$/i.exec(address)?.[1];
  return host?.toLowerCase() === goal;
}

/** @param {Node} link */
function encode(link) {
  for (const node of link.childNodes) {
    if (node instanceof Text) node.data = node.data.replace(TURNS, encodeURIComponent);
    else encode(node);
  }
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} goal */
function note(goal) {
  const host = document.createElement('span');
  host.className = 'host';
  host.textContent = ` (${goal})`;
  return host;
}
