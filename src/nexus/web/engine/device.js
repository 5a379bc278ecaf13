/** What this browser calls itself in the list of logins: which one, on which system. */

/** The first that fits; each also says of itself that it is some of those after it. @type {[RegExp, string][]} */
const BROWSERS = [[/Edg/, 'Edge'], [/OPR\//, 'Opera'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']];

/** @type {[RegExp, string][]} */
const SYSTEMS = [[/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux|CrOS/, 'Linux']];

/** @param {[RegExp, string][]} known @param {string} told */
function first(known, told) {
  return known.find(([sign]) => sign.test(told))?.[1];
}

/** As in "nexus web, Firefox, Linux". @param {string} [told] what the browser says of itself */
export function deviceName(told = navigator.userAgent) {
  return ['nexus web', first(BROWSERS, told), first(SYSTEMS, told)].filter(Boolean).join(', ');
}
