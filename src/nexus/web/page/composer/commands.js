/** What one can type as a command: a line that begins with one slash. `/me` is a message; `//` begins one with a slash. */

import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../shell/language.js').Key} Key */

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {Key} what it does
 * @property {Key} [takes] what follows it
 * @property {boolean} [needs] whether something has to follow it
 * @property {(rest: string, client: Client, room: Room) => unknown} [run] without it, the line is a message
 */

/** @type {Command[]} */
export const COMMANDS = [
  { name: 'me', takes: 'command.text', what: 'command.me' },
  {
    name: 'topic', takes: 'command.text', what: 'command.topic', needs: true,
    run: (topic, client, room) => client.ask('configure', { room: room.name, topic }),
  },
  {
    name: 'join', takes: 'command.room', what: 'command.join', needs: true,
    run: async (name, client) => goTo((await client.rooms.join(name.replace(/^#/, ''))).name),
  },
  { name: 'leave', what: 'command.leave', run: (_, client, room) => client.rooms.leave(room) },
  { name: 'nick', takes: 'command.name', what: 'command.nick', needs: true, run: (name, client) => client.rename(name) },
  { name: 'help', what: 'command.help', run: () => (dialog.value = 'keys') },
];

/**
 * What a line says: the text of a message, or what a command does. Throws an Error with a sentence for the person.
 *
 * @param {string} line
 * @param {Client} client
 * @param {Room} room
 * @returns {{text: string} | {run: () => unknown}}
 */
export function read(line, client, room) {
  if (line.startsWith('//')) return { text: line.slice(1) };
  const found = /^\/(\w+)(?:\s+([\s\S]*))?$/.exec(line);
  if (found === null) return { text: line };
  const command = COMMANDS.find(({ name }) => name === found[1].toLowerCase());
  const rest = found[2]?.trim() ?? '';
  if (command === undefined) throw new Error(t('command.unknown', { command: `/${found[1].slice(0, 40)}` }));
  const { takes, needs, run } = command;
  if (rest === '' && takes !== undefined && (needs || run === undefined)) {
    throw new Error(t('command.needs', { command: `/${command.name} ${t(takes)}` }));
  }
  return run === undefined ? { text: line } : { run: () => run(rest, client, room) };
}
