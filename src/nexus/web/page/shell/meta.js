/** What the server says about itself in the page: its title, version and first room, and who may come in how. */

/** @param {'title' | 'version' | 'room' | 'guests' | 'register' | 'arrived'} name */
export function meta(name) {
  return document.querySelector(`meta[name="nexus-${name}"]`)?.getAttribute('content') ?? '';
}
