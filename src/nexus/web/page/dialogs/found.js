/** What a few letters may mean: rooms, then people, the likeliest first; and a room that there is not yet. */

import { labelOf } from '../../engine/label.js';
import { nearer } from '../../engine/need.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').RoomInfo} RoomInfo */

/** `room` is the one that one is in. @typedef {{kind: 'room', key: string, label: string, info: Partial<RoomInfo> & {name: string}, room?: Room}} FoundRoom */
/** @typedef {FoundRoom | {kind: 'person', key: string, label: string} | {kind: 'make', key: string, label: string}} Found */

/** Entries listed at once. */
const MOST = 50;

/** @param {Client} client @param {string} text @param {Set<string>} people @returns {Found[]} */
export function find(client, text, people) {
  const searched = text.trim().replace(/^[#@]/, '').toLocaleLowerCase();
  const only = text.trim()[0];
  const rooms = only === '@' ? [] : rank(roomsOf(client), searched);
  const persons = searched === '' || only === '#' || client.you?.guest !== false ? [] : rank(personsOf(people, client.name), searched);
  /** @type {Found[]} */
  const found = [...rooms, ...persons].sort((a, b) => a.match - b.match).slice(0, MOST).map((one) => one.entry);
  const isOpen = (/** @type {Found} */ one) => one.kind === 'room' && one.info.name.toLocaleLowerCase() === searched;
  if (searched !== '' && only !== '@' && !client.you?.limited && !found.some(isOpen)) found.push({ kind: 'make', key: 'make', label: text.trim().replace(/^#/, '') });
  return found;
}

/** Those one is in, by need, then the others, as the server lists them: the most active first. @param {Client} client @returns {FoundRoom[]} */
function roomsOf(client) {
  const { rooms } = client;
  const mine = rooms.all.sort(nearer).map((room) => /** @type {FoundRoom} */ ({ kind: 'room', key: room.name, label: rooms.label(room), info: room.view.info, room }));
  const others = rooms.listed.filter((info) => rooms.get(info.name) === undefined);
  return [...mine, ...others.map((info) => /** @type {FoundRoom} */ ({ kind: 'room', key: info.name, label: labelOf(info, client.name), info }))];
}

/** All but oneself and former members, whose name is none. @param {Set<string>} people @param {string} me @returns {Found[]} */
function personsOf(people, me) {
  return [...people].filter((name) => name !== me && !name.includes(' ')).sort((a, b) => a.localeCompare(b)).map((name) => ({ kind: 'person', key: `@${name}`, label: name }));
}

/** What is called so, what begins so, what has a word that begins so, what holds it; each as it came. @param {Found[]} entries @param {string} searched */
function rank(entries, searched) {
  return entries.map((entry) => ({ entry, match: match(entry.label.toLocaleLowerCase(), searched) })).filter((one) => one.match < 4);
}

/** @param {string} label @param {string} searched */
function match(label, searched) {
  if (searched === '' || label.startsWith(searched)) return label === searched ? 0 : 1;
  const at = label.indexOf(searched);
  if (at < 0) return 4;
  return /[\s\-_.,]/.test(label[at - 1]) ? 2 : 3;
}
