/** What one can type as a command: a line that begins with one slash. `/me` is a message; `//` begins one with a slash. */

import { handleOf } from '../../engine/handle.js';
import { dialog, openRoom } from '../panes/panes.js';
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
    run: async (name, client) => goTo((await client.rooms.join(bare(name))).name),
  },
  {
    name: 'call', takes: 'command.name', what: 'command.call', needs: true,
    run: (name, client, room) => client.ask('configure', { room: room.name, [room.view.info.kind === 'private' ? 'title' : 'name']: bare(name) }),
  },
  { name: 'open', takes: 'command.name', what: 'command.open', needs: true, run: open },
  { name: 'keep', takes: 'command.days', what: 'command.keep', needs: true, run: keep },
  { name: 'destroy', what: 'command.destroy', run: (_, _client, room) => openRoom(room) },
  { name: 'leave', what: 'command.leave', run: (_, client, room) => client.rooms.leave(room) },
  { name: 'nick', takes: 'command.name', what: 'command.nick', needs: true, run: (name, client) => client.rename(handleOf(name)) },
  { name: 'help', what: 'command.help', run: () => (dialog.value = 'keys') },
];

/** A room's name as it is typed, without its sign. @param {string} name */
function bare(name) {
  return name.replace(/^#/, '');
}

/** What cannot be taken back is done once one has said so. @param {string} rest @returns {{what: string, sure: boolean}} */
function surely(rest) {
  const [what, ...more] = rest.split(/\s+/);
  return { what, sure: more.join(' ').toLowerCase() === 'yes' };
}

/** @param {string} rest @param {Client} client @param {Room} room */
function open(rest, client, room) {
  const { what, sure } = surely(rest);
  if (!sure) throw new Error(t('command.open.sure', { command: `/open ${what} yes` }));
  return client.ask('configure', { room: room.name, name: bare(what), kind: 'open', confirm: true });
}

/** @param {string} rest @param {Client} client @param {Room} room */
function keep(rest, client, room) {
  const { what, sure } = surely(rest);
  if (!/^\d{1,5}$/.test(what)) throw new Error(t('command.keep.which'));
  if (!sure && Number(what) > 0) throw new Error(t('command.keep.sure', { days: Number(what), command: `/keep ${what} yes` }));
  return client.ask('configure', { room: room.name, keep: Number(what) });
}

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
  if (rest !== '' && takes === undefined) throw new Error(t('command.takesNothing', { command: `/${command.name}` })); // it may be a sentence
  return run === undefined ? { text: line } : { run: () => run(rest, client, room) };
}
