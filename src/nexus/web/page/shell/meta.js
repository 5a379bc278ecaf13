/** What the server says about itself in the page: its title, its version, its first room. */

/** @param {'title' | 'version' | 'room'} name */
export function meta(name) {
  return document.querySelector(`meta[name="nexus-${name}"]`)?.getAttribute('content') ?? '';
}
