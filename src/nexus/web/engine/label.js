/** What people call a room: its name, its title, or who is in it beside oneself. */

/** @typedef {Pick<import('./types.js').RoomInfo, 'name' | 'kind' | 'title' | 'people'>} Named */

/** @param {Named} info @param {string} me */
export function labelOf(info, me) {
  if (info.kind === 'private') return info.title || info.name;
  if (info.kind === 'direct' && info.people !== undefined) return info.people.filter((name) => name !== me).join(', ') || me;
  return info.name;
}

/** The same, as one writes it: an open room has a sign before its name. @param {Named} info @param {string} me */
export function calledOf(info, me) {
  return (info.kind ?? 'open') === 'open' ? `#${info.name}` : labelOf(info, me);
}
