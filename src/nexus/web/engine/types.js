/**
 * What travels on the wire, as docs/protocol.md tells it; only types, no code.
 *
 * @typedef {'everything' | 'mentions' | 'nothing'} Level of what in a room one is told
 * @typedef {{seq: number, at: number}} Position an event as a client remembers it
 * @typedef {{seq: number, by: string, guest?: boolean, mentions?: string[], here?: boolean}} Brief a message without its text
 * @typedef {{name: string, role: string, guest: boolean, limited?: boolean}} You who a session speaks as
 * @typedef {{name: string, topic?: string, head: number, at: number, online: number, member: boolean,
 *   read?: number, unread?: number, mentions?: number, level?: Level, favourite?: boolean, here?: string[], kind?: 'open' | 'private' | 'direct',
 *   title?: string, role?: string, posting?: string, slow?: number, guests?: string, archived?: boolean,
 *   people?: string[], former?: string[], keep?: number, first?: number}} RoomInfo a room as its members see it
 * @typedef {{name: string, role?: string, guest?: boolean, here?: boolean, place?: string, person?: string, limited?: boolean, since?: number, owner?: string}} MemberInfo
 * @typedef {{text: number, topic: number, name: number, room_name: number, frame: number, history: number,
 *   catch_up: number, rooms: number}} Limits what the server accepts
 *
 * @typedef {{id: string, client: string, created: number, used: number, current: boolean}} LoginInfo
 * @typedef {{by: string, guest?: boolean}} Person
 * @typedef {{type: string, room: string, seq: number, at: number, by: string, guest?: boolean, text?: string,
 *   topic?: string, name?: string, role?: string, added?: string, reason?: string, kind?: 'open' | 'private' | 'direct', title?: string, posting?: string, slow?: number,
 *   guests?: string, archived?: boolean, keep?: number, act?: number, targets?: number[], reply_to?: number, target?: number, emoji?: string, changed?: number, edited?: number,
 *   deleted?: boolean, pinned?: boolean, mentions?: string[], here?: boolean, reactions?: Record<string, Person[]>}} LogEvent an entry of a room's log;
 *   what became of a message since is in it
 *
 * @typedef {object} Passing what passes by and is never stored
 * @property {'presence' | 'typing' | 'read' | 'level' | 'news' | 'member' | 'renamed' | 'moved' | 'notice' | 'skipped' | 'expired' | 'reset' | 'goodbye'} type
 * @property {string} [room]
 * @property {number} [online]
 * @property {string[]} [here]
 * @property {string[]} [gone]
 * @property {string} [by]
 * @property {number} [seq]
 * @property {number} [unread] and `mentions`: what is left after a `read`, as of `head`
 * @property {number} [mentions]
 * @property {number} [head]
 * @property {Brief[]} [posts] and `last`: what was said in a room that one is not in
 * @property {Position} [last]
 * @property {boolean} [member]
 * @property {Level} [level]
 * @property {boolean} [favourite]
 * @property {any} [from] a name (`renamed`, `moved`) or a seq (`skipped`)
 * @property {any} [to] a name (`renamed`) or a seq (`skipped`)
 * @property {boolean} [guest]
 * @property {number} [first] the oldest event that is left (`expired`)
 * @property {string} [text]
 * @property {string} [code]
 * @property {string} [reason]
 * @property {number} [retry_after] seconds
 *
 * @typedef {LogEvent | Passing} AnyEvent
 *
 * @typedef {object} Done the reply of a command that was carried out
 * @property {'done'} type
 * @property {number | string} ref
 * @property {number} [seq]
 * @property {number} [at]
 * @property {You} [you]
 * @property {string} [session]
 * @property {string} [token]
 * @property {string} [epoch]
 * @property {{name: string, version: string, time: number}} [server]
 * @property {Limits} [limits]
 * @property {RoomInfo[]} [rooms]
 * @property {RoomInfo} [room]
 * @property {string[]} [here]
 * @property {number} [online]
 * @property {LogEvent[]} [events]
 * @property {boolean} [more]
 * @property {MemberInfo[]} [members]
 * @property {LoginInfo[]} [logins]
 * @property {LogEvent[]} [hits]
 * @property {number} [act] what was done, as something that can be taken back
 * @property {number} [next] where a search goes on from
 * @property {number} [first] the oldest event of the room that has not expired
 * @property {Ignored[]} [ignored] whom one ignores
 * @property {{directs: string}} [preferences]
 * @property {boolean} [allowed]
 * @property {string} [why]
 *
 * @typedef {object} Ignored somebody whom one ignores
 * @property {string} person
 * @property {string} name
 * @property {boolean} [guest]
 */
export {};
