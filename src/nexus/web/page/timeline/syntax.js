/** The Markdown of messages: that of CommonMark, but nothing that people write in passing is taken away. */

import MarkdownIt from 'markdown-it';

/** What a backslash keeps from being syntax (CommonMark 2.4). */
const ESCAPABLE = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

const GREATER = 0x3e;
/** What may follow the sign of a quote; neither ">50%" nor ">_<" is one. The server's idea of mentions has the same. */
const AFTER_QUOTE = /^[\s>@*`[#"“„«'!\p{L}]/u;

export const md = new MarkdownIt({ html: false, linkify: true, breaks: true });
// A picture from elsewhere would tell who reads; a heading shouts; a definition or an entity would show as nothing.
md.disable(['image', 'heading', 'lheading', 'reference', 'entity']);
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false }); // setup.py is no address
md.normalizeLinkText = (text) => text; // an address stands there as it was written, not decoded
md.inline.ruler.at('escape', keepBackslash);
md.block.ruler.at('blockquote', quoteWithBlank(blockRule('blockquote')), { alt: ['paragraph', 'reference', 'blockquote', 'list'] });

/**
 * A sign after a backslash is no syntax, and the backslash stays: C:\*.txt and ¯\_(ツ)_/¯ are what they look like.
 *
 * @param {any} state @param {boolean} silent
 */
function keepBackslash(state, silent) {
  const { src, pos } = state;
  if (src[pos] !== '\\' || !ESCAPABLE.has(src[pos + 1])) return false;
  if (!silent) state.pending += src.slice(pos, pos + 2);
  state.pos += 2;
  return true;
}

/** @param {string} name @returns {(...args: any[]) => boolean} */
function blockRule(name) {
  const { __rules__: rules } = /** @type {any} */ (md.block.ruler);
  return rules.find((/** @type {{name: string}} */ rule) => rule.name === name).fn;
}

/** @param {(...args: any[]) => boolean} quote */
function quoteWithBlank(quote) {
  return (/** @type {any} */ state, /** @type {number} */ line, /** @type {number} */ end, /** @type {boolean} */ silent) => {
    const at = state.bMarks[line] + state.tShift[line];
    if (state.src.charCodeAt(at) === GREATER && at + 1 < state.src.length && !AFTER_QUOTE.test(state.src.slice(at + 1, at + 3))) return false;
    return quote(state, line, end, silent);
  };
}
