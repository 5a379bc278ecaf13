/**
 * The rarely needed parts of the page: each is loaded when it is first shown, and all of them a while after the start,
 * so that they are there without a connection too.
 */

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { closeReplies, closeSearch, dialog } from '../panes/panes.js';
import { html } from './html.js';
import { readOn, t } from './language.js';

/** Milliseconds after the start in which the page has better things to load. */
const SOON = 2000;

/** @type {Record<string, () => Promise<any>>} */
const PARTS = {
  switcher: () => import('../dialogs/switcher.js').then((it) => it.SwitcherDialog),
  search: () => import('../panes/search.js').then((it) => it.SearchPane),
  replies: () => import('../panes/replies.js').then((it) => it.RepliesPane),
  insert: () => import('../dialogs/picker.js').then((it) => it.InsertDialog),
  react: () => import('../dialogs/picker.js').then((it) => it.PickerDialog),
  deeds: () => import('../dialogs/deeds.js').then((it) => it.DeedsDialog),
  delete: () => import('../dialogs/delete.js').then((it) => it.DeleteDialog),
  pins: () => import('../dialogs/pins.js').then((it) => it.PinsDialog),
  keys: () => import('../dialogs/keys.js').then((it) => it.KeysDialog),
  new: () => import('../dialogs/new.js').then((it) => it.NewDialog),
  person: () => import('../dialogs/person.js').then((it) => it.PersonDialog),
  report: () => import('../dialogs/report.js').then((it) => it.ReportDialog),
  reports: () => import('../dialogs/reports.js').then((it) => it.ReportsDialog),
  acts: () => import('../dialogs/acts.js').then((it) => it.ActsDialog),
  room: () => import('../dialogs/room.js').then((it) => it.RoomDialog),
  you: () => import('../dialogs/you.js').then((it) => it.YouDialog),
  erase: () => import('../dialogs/erase.js').then((it) => it.EraseDialog),
  emoji: () => import('../dialogs/emoji.js'),
};

/** Those that are there. @type {import('@preact/signals').Signal<Record<string, any>>} */
const loaded = signal({});

/** @param {string} name */
async function load(name) {
  if (name in loaded.value) return;
  const [part] = await Promise.all([PARTS[name](), readOn()]);
  loaded.value = { ...loaded.value, [name]: part };
}

/** The one that is opened in a hurry, with letters typed right behind it. */
export function loadSwitcher() {
  load('switcher').catch(() => {}); // it is tried again when it is needed
}

/** Load all of them, later and one after the other. */
export function loadLater() {
  setTimeout(async () => {
    for (const name of Object.keys(PARTS)) await load(name).catch(() => {}); // it is tried again when it is needed
  }, SOON);
}

/** One of them, as soon as it is there. @param {{name: string, client: import('../../engine/client.js').Client}} props */
export function Part({ name, client }) {
  const Shown = loaded.value[name];
  useEffect(() => {
    load(name).catch(() => {
      if (name === 'search') closeSearch();
      else if (name === 'replies') closeReplies();
      else dialog.value = '';
      client.tell(t('error.offline'));
    });
  }, [name]);
  return Shown === undefined ? null : html`<${Shown} client=${client} />`;
}
