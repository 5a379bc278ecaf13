/** Links in messages: where each leads is in sight, and one to elsewhere opens beside the page. */

/** What turns the order of letters around, or shows as nothing: with it a link would read as another one. */
const TURNS = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** @param {DocumentFragment} nodes */
export function completeLinks(nodes) {
  for (const link of nodes.querySelectorAll('a')) {
    link.dir = 'auto';
    if (link.textContent?.search(TURNS) !== -1) encode(link);
    if (link.textContent?.trim() === '') link.textContent = link.getAttribute('href');
    if (link.origin === location.origin) continue;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
    const goal = goalOf(link);
    if (goal !== '' && !says(link.textContent ?? '', goal)) link.append(note(goal));
  }
}

/** The host that a link leads to, or the address of a mail. @param {HTMLAnchorElement} link */
function goalOf(link) {
  return link.protocol === 'mailto:' ? decode(link.pathname) : link.host;
}

/** Whether the text of a link is itself the address of that host, or of that mailbox. @param {string} text @param {string} goal */
function says(text, goal) {
  if (text === goal || text === `mailto:${goal}`) return true;
  const host = /^https?:\/\/(?:[^/?#@\s]*@)?([\x21-\x7e]+?)(?:[/?#].*)?$/is.exec(text.trim())?.[1];
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
