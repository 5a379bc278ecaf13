/** The page: starts the client, and shows what there is to show. */

import { render } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { base } from '../engine/prefix.js';
import { Client } from '../engine/client.js';
import { favourites } from '../engine/need.js';
import { home } from '../engine/home.js';
import { keepRecent } from '../engine/recent.js';
import * as identity from '../engine/identity.js';
import { failure } from './dialogs/failure.js';
import { editing } from './composer/editing.js';
import { replying } from './composer/replying.js';
import { loadWords } from './composer/words.js';
import { Announcer } from './shell/announce.js';
import { appearAsChosen, clock } from './shell/appearance.js';
import { Elsewhere, Welcome, invited, linked } from './shell/welcome.js';
import { PeoplePane } from './panes/people.js';
import { Part, loadLater, loadSwitcher } from './shell/later.js';
import { RoomPane } from './panes/roompane.js';
import { RoomsPane } from './panes/rooms.js';
import { correct, followLinks, goTo, path, place, welcomed } from './shell/route.js';
import { dialog, panes } from './panes/panes.js';
import { html } from './shell/html.js';
import { acts } from '../engine/sending.js';
import { stayAboveKeyboard } from './shell/keyboard.js';
import { listenToKeys } from './shell/keys.js';
import { meta } from './shell/meta.js';
import { offerUndo } from './shell/undoing.js';
import { renewWhenHidden } from './shell/upgrade.js';
import { showTitle } from './shell/title.js';
import { language, t, use, wanted } from './shell/language.js';

/**
 * The address says which room is shown. A room one is not in is entered where one chose it; a link, which anyone may
 * have made, does not make one join a room or make one.
 *
 * @param {Client} client
 */
function useAddress(client) {
  const wanted = place.value;
  const ready = client.stage === 'talking' && (client.online || (wanted !== null && client.rooms.get(wanted.room) !== undefined));
  useLayoutEffect(() => { // before anything is painted: else a switch of rooms would wait for two frames more
    if (!ready) {
      if (wanted !== null && client.rooms.current !== null) client.rooms.standOutside(''); // until there is a connection
      return;
    }
    if (wanted === null) {
      if (path() === '/' || linked) atHome(client);
      else client.rooms.standOutside('address');
      return;
    }
    const room = client.rooms.get(wanted.room);
    if (room !== undefined && room.name !== wanted.room) correct(room.name, wanted.seq); // it had that name
    else if (room !== undefined) client.rooms.show(room, wanted.seq);
    else if (wanted.chosen) enter(client, wanted);
    else client.rooms.standOutside();
  }, [ready, wanted]);
}

/** Where one is who named no room; a limited account may have none. @param {Client} client */
function atHome(client) {
  const room = home(client, meta('room'));
  if (room !== '') return correct(room);
  client.rooms.noRoom = 'none';
  client.status.changed();
}

/** @param {Client} client @param {import('./shell/route.js').Place} wanted */
async function enter(client, wanted) {
  client.rooms.noRoom = '';
  try {
    const room = await client.rooms.join(wanted.room);
    if (place.value !== wanted) return; // one went on meanwhile
    if (room.name === wanted.room) client.rooms.show(room, wanted.seq);
    else correct(room.name, wanted.seq);
  } catch (why) {
    if (place.value !== wanted) return;
    client.rooms.noRoom = why instanceof Error ? why.message : '';
    client.status.changed();
  }
}

/** Someone with an account comes into the room of the invitation that the address is. @param {Client} client */
function useInvitation(client) {
  const ready = client.stage === 'talking' && client.online && client.you?.guest === false;
  useLayoutEffect(() => {
    if (!ready || invited === undefined || path() !== `/invite/${invited}`) return;
    atHome(client);
    client.ask('accept', { code: invited }).then((done) => goTo(done.room?.name ?? ''), (why) => client.tell(failure(why)));
  }, [ready]);
}

/** @param {{client: Client}} props */
function Page({ client }) {
  client.status.watch;
  useInvitation(client);
  useAddress(client);
  if (client.stage === 'welcome') return html`<${Welcome} client=${client} />`;
  if (client.stage === 'elsewhere') return html`<${Elsewhere} client=${client} />`;
  const { rooms, people, search } = panes.value;
  const replies = panes.value.replies && client.rooms.current !== null && client.replies.room === client.rooms.current;
  const beside = search || replies;
  const shown = `page ${rooms ? 'rooms-open' : ''} ${beside ? 'search-open' : ''} ${people && !beside && client.rooms.current !== null ? 'people-open' : ''}`;
  return html`
    <div class=${shown}>
      <a class="skip" href="#composer">${t('page.skip')}</a>
      <${RoomsPane} client=${client} />
      <${RoomPane} client=${client} key=${`${language.value} ${clock.value} ${client.rooms.current?.key}`} room=${client.rooms.current} />
      ${search && html`<${Part} name="search" client=${client} />`}
      ${replies && !search && html`<${Part} name="replies" client=${client} />`}
      ${client.rooms.current !== null && people && !beside && html`<${PeoplePane} client=${client} room=${client.rooms.current} />`}
      <div class="shade" onClick=${() => (panes.value = { rooms: false, people: false })}></div>
      ${dialog.value !== '' && html`<${Part} key=${dialog.value} name=${dialog.value} client=${client} />`}
      <${Announcer} client=${client} />
    </div>
  `;
}

async function start() {
  appearAsChosen();
  stayAboveKeyboard();
  const address = new URL(`${base}/ws`, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const client = new Client(address.href);
  const mine = invited !== undefined && identity.load()?.guest === false; // an account may accept it
  if ((linked && !mine) || !client.comeBack()) welcomed();
  followLinks();
  listenToKeys(client, goTo);
  showTitle(client, meta('title'));
  client.rooms.onMissing = (room) => {
    client.tell(t('room.noMessage'));
    correct(room.name);
  };
  client.rooms.onMove = (before, name) => {
    for (const one of [editing, replying]) one.move(before, name);
    if (place.value?.room === before) correct(name, place.value.seq);
  };
  acts.hear = (act) => offerUndo(client, t('delete.hidden'), act);
  client.onForget = () => (editing.forget(), replying.forget(), favourites.forget());
  renewWhenHidden(client);
  keepRecent(client);
  if (wanted() !== language.value) await use(wanted());
  delete document.documentElement.dataset.known;
  render(html`<${Page} client=${client} />`, /** @type {Element} */ (document.getElementById('page')));
  document.querySelector('main:has([data-early])')?.remove(); // where its nodes were not taken over
  return client;
}

/** What is not needed to see a room and to write in it comes after that. @param {Client} client */
async function goOn(client) {
  loadWords().catch(() => {}); // it is tried again when it is needed
  loadSwitcher();
  const { refuseFiles } = await import('./composer/files.js');
  refuseFiles(client);
  const { listenForNews } = await import('./shell/notify.js');
  listenForNews(client);
  const { worker } = await import('./shell/worker.js');
  await worker();
  loadLater();
}

void start().then(goOn);
