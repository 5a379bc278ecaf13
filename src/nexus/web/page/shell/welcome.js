/** The first visit: choose a name, or log in, or make an account. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { handleOf } from '../../engine/handle.js';
import { html } from './html.js';
import { meta } from './meta.js';
import { NameCheck } from './namecheck.js';
import { path } from './route.js';
import { t } from './language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** Links with a code: they leave the address with the first room that is opened. */
const admin = /^#admin=([\w-]+)$/.exec(location.hash)?.[1];
const invite = admin ?? /^\/invite\/([\w-]+)$/.exec(path())?.[1];
const reset = /^\/reset\/([\w-]+)$/.exec(path())?.[1];

/** The code of an invitation that the address is, which an account may accept. */
export const invited = admin === undefined ? invite : undefined;

/** Whether the address is a link to something that a returning person has to see first. */
export const linked = Boolean(invite || reset);

/** @type {Record<string, {lead: import('./language.js').Key, button: import('./language.js').Key, others: string[]}>} */
const WAYS = {
  guest: { lead: 'welcome.lead', button: 'welcome.start', others: ['login', 'register'] },
  login: { lead: 'welcome.loginLead', button: 'welcome.login', others: ['guest', 'register'] },
  register: { lead: 'welcome.registerLead', button: 'welcome.register', others: ['guest', 'login'] },
  reset: { lead: 'welcome.resetLead', button: 'welcome.reset', others: ['login'] },
};

/** How one comes in where the address does not say so. */
const usual = meta('guests') === 'none' ? 'login' : 'guest';

/** Whether one can come in so at all. @param {string} way */
function open(way) {
  if (way === 'guest') return meta('guests') !== 'none';
  return way !== 'register' || Boolean(invite) || meta('register') === 'everyone';
}

/** @type {Record<string, import('./language.js').Key>} */
const OTHERS = { guest: 'welcome.asGuest', login: 'welcome.haveAccount', register: 'welcome.wantAccount' };

/** Why there is no connection though the server answers; empty where that is not known. @param {Client} client */
export function blocked(client) {
  return client.blocked === 'websocket' ? t('error.websocket') : client.blocked;
}

/** What was written into the form that the page came with, where the caret is in it, and whether Enter was pressed. */
function writtenEarly() {
  const form = document.querySelector('form[data-early]');
  const field = form?.querySelector('input');
  const name = field?.value ?? '';
  const caret = field === document.activeElement ? field?.selectionStart : undefined;
  return { name, caret, asked: name !== '' && form instanceof HTMLElement && 'asked' in form.dataset };
}

/** Go on in the form that takes the place of that one. @param {ReturnType<typeof writtenEarly>} early */
function useEarly({ caret, asked }) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useLayoutEffect(() => {
    if (caret != null) form.current?.querySelector('input')?.focus();
    if (caret != null) form.current?.querySelector('input')?.setSelectionRange(caret, caret);
  }, []);
  useEffect(() => void (asked && form.current?.requestSubmit()), []);
  return form;
}

/** Come in that way. @param {Client} client @param {string} way @param {string} handle @param {string} password */
function enter(client, way, handle, password) {
  if (way === 'guest') client.begin(handle);
  else if (way === 'login') client.login(handle, password);
  else if (way === 'reset') client.reset(/** @type {string} */ (reset), password);
  else client.signUp(handle, password, invite);
}

/** @param {{client: Client}} props */
export function Welcome({ client }) {
  client.status.watch;
  const [way, choose] = useState(reset ? 'reset' : invite ? 'register' : usual);
  const [early] = useState(writtenEarly);
  const box = useEarly(early);
  const [name, setName] = useState(early.name || client.name);
  const [tried, setTried] = useState('');
  const [password, setPassword] = useState('');
  const { lead, button, others } = WAYS[way];
  const handle = handleOf(name);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    setTried(name);
    enter(client, way, handle, password);
  };
  const go = (/** @type {string} */ other) => {
    choose(other);
    setTimeout(() => empty(box.current)?.focus()); // what is asked now stands above the button, which says something else
  };
  const trouble = client.why || client.notice || (client.trying && client.lost ? blocked(client) || t('welcome.unreachable') : '');
  const why = tried === '' || name === tried ? trouble : ''; // what was wrong with another name is not wrong with this one
  return html`
    <main class="welcome">
      <form onSubmit=${submit} ref=${box}>
        <h1>${t('welcome.title', { title: meta('title') })}</h1>
        <p class="lead">${t(admin && way === 'register' ? 'welcome.adminLead' : lead)}</p>
        ${way !== 'reset' && html`<${NameField} way=${way} name=${name} setName=${setName} />`}
        ${(way === 'guest' || way === 'register') && html`<${NameCheck} name=${handle} typed=${name.trim()} own=${client.name} said=${why !== ''} take=${setName} />`}
        ${way !== 'guest' && html`<${PasswordField} way=${way} password=${password} setPassword=${setPassword} />`}
        <p class="why" id="why" role="alert">${why}</p>
        <button class="main" disabled=${client.trying}>${t(client.trying ? 'welcome.starting' : button)}</button>
        <p class="others">
          ${others.filter(open).map((other) => html`<button type="button" class="link" onClick=${() => go(other)}>${t(OTHERS[other])}</button>`)}
        </p>
      </form>
    </main>
  `;
}

/** The first field that is to be filled in. @param {HTMLFormElement | null} form */
function empty(form) {
  return [...(form?.querySelectorAll('input') ?? [])].find((field) => field.value === '');
}

/** @param {{way: string, name: string, setName: (name: string) => void}} props */
function NameField({ way, name, setName }) {
  return html`
    <label>
      ${t('welcome.name')}
      <input
        name="name" autocomplete=${way === 'guest' ? 'nickname' : 'username'} autofocus required dir="auto"
        autocapitalize="off" spellcheck=${false} value=${name} aria-describedby="name-state why"
        onInput=${(/** @type {any} */ event) => setName(event.target.value)}
      />
    </label>
  `;
}

/** @param {{way: string, password: string, setPassword: (password: string) => void}} props */
function PasswordField({ way, password, setPassword }) {
  return html`
    <label>
      ${t('welcome.password')}
      <input
        name="password" type="password" required value=${password}
        autocomplete=${way === 'login' ? 'current-password' : 'new-password'}
        onInput=${(/** @type {any} */ event) => setPassword(event.target.value)}
      />
    </label>
  `;
}

/** Another tab has the session now. @param {{client: Client}} props */
export function Elsewhere({ client }) {
  return html`
    <main class="welcome">
      <div class="card">
        <h1>${t('elsewhere.title')}</h1>
        <p class="lead">${t('elsewhere.lead')}</p>
        <button type="button" class="main" onClick=${() => client.comeBack()}>${t('elsewhere.here')}</button>
      </div>
    </main>
  `;
}
