/**
 * What outlives the page, in the browser's own storage; where that is full or forbidden, only what is in memory.
 *
 * Another tab's changes come through `onChange`.
 */

const PREFIX = 'nexus.';

/** @param {Storage | undefined} storage @returns {Keep} */
function keepIn(storage) {
  return new Keep(storage);
}

/** A drawer of named values that JSON can hold. */
class Keep {
  #storage;
  /** What the storage does not take. @type {Map<string, string>} */
  #memory = new Map();

  /** @param {Storage | undefined} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /**
   * @template T
   * @param {string} name
   * @param {T} otherwise where nothing is kept
   * @returns {T}
   */
  get(name, otherwise) {
    try {
      const found = this.#memory.get(name) ?? this.#storage?.getItem(PREFIX + name);
      return found == null ? otherwise : JSON.parse(found);
    } catch {
      return otherwise;
    }
  }

  /**
   * @param {string} name
   * @param {any} value undefined forgets it
   * @returns {boolean} whether it is kept
   */
  set(name, value) {
    this.#memory.delete(name);
    try {
      if (value === undefined) this.#storage?.removeItem(PREFIX + name);
      else this.#storage?.setItem(PREFIX + name, JSON.stringify(value));
      if (this.#storage !== undefined) return true;
    } catch {
      // full, or forbidden: as without one
    }
    if (value !== undefined) this.#memory.set(name, JSON.stringify(value));
    return false;
  }

  /**
   * The names that begin so, without that beginning, sorted.
   *
   * @param {string} begins
   */
  names(begins) {
    const whole = PREFIX + begins;
    const found = [...this.#memory.keys()].filter((name) => name.startsWith(begins)).map((name) => name.slice(begins.length));
    for (let index = 0; index < (this.#storage?.length ?? 0); index += 1) {
      const key = this.#storage?.key(index) ?? '';
      if (key.startsWith(whole)) found.push(key.slice(whole.length));
    }
    return [...new Set(found)].sort();
  }
}

/** @param {'localStorage' | 'sessionStorage'} name */
function storageOf(name) {
  try {
    return globalThis[name];
  } catch {
    return undefined; // the person has forbidden it
  }
}

/** Shared by all tabs, and kept when they are closed. */
export const shared = keepIn(storageOf('localStorage'));

/** This tab's own, kept over a reload. */
export const ofTab = keepIn(storageOf('sessionStorage'));

/**
 * Hear what other tabs change.
 *
 * @param {(name: string) => void} heard
 */
export function onChange(heard) {
  addEventListener('storage', (event) => {
    if (event.key?.startsWith(PREFIX)) heard(event.key.slice(PREFIX.length));
  });
}
