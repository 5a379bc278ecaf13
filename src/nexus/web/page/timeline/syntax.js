/** The Markdown of messages: that of CommonMark, but nothing that people write in passing is taken away. */

import MarkdownIt from 'markdown-it';

/** What a backslash keeps from being syntax (CommonMark 2.4). */
const ESCAPABLE = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

const GREATER = 0x3e;
/** What may follow the sign of a quote; neither ">50%" nor ">_<" is one. The server's idea of mentions has the same. */
const AFTER_QUOTE = /^[\s>@*`[#"“„«'!\p{L}]/u;

/** Where a link may lead. */
export const LEADS = /^(?:https?:|mailto:|\/r\/)/i;

const STAR = 0x2a;
const UNDERSCORE = 0x5f;
/** Between these a star multiplies; Chinese and its neighbours emphasise within their words. */
const WORD = /[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\d]/u;
/** A name of Python's own, such as __init__, from where it begins. */
const DUNDER = /^__[a-z]\w*__(?!\w)/;

/** A list of one line, which may as well be a number and a sentence; what is a quote or code in it stays that. */
const ONE_ITEM = /^\s*(?:[-+*]|\d{1,9}[.)])[ ]{1,4}[^\s>`~]/;
/** Characters of a call that are looked at. */
const LONGEST_CALL = 200;
const SAYS = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

export const md = new MarkdownIt({ html: false, linkify: true, breaks: true });
// A picture from elsewhere would tell who reads; a heading shouts; a definition or an entity would show as nothing.
md.disable(['image', 'heading', 'lheading', 'reference', 'entity']);
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false }); // setup.py is no address
md.normalizeLinkText = (text) => text; // an address stands there as it was written, not decoded
md.validateLink = (url) => LEADS.test(url); // what leads elsewhere is no link: f[i](x) is not
md.inline.ruler.at('escape', keepBackslash);
md.inline.ruler.before('link', 'call', keepCall);
md.core.ruler.after('inline', 'bare_emphasis', keepBare);
md.core.ruler.after('inline', 'aligned_cells', alignCells);
md.core.ruler.after('block', 'whole_blocks', keepBlocks);
md.block.ruler.at('list', listOfMore(blockRule('list')), { alt: ['paragraph', 'reference', 'blockquote'] });
keepProducts(md.inline.State.prototype);
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

/**
 * What leads nowhere is no link: buttons[i]() calls something.
 *
 * @param {any} state @param {boolean} silent
 */
function keepCall(state, silent) {
  const found = /^\[[^[\]]*\]\(\s*\)/.exec(state.src.slice(state.pos, state.pos + LONGEST_CALL))?.[0];
  if (found === undefined) return false;
  if (!silent) state.pending += found;
  state.pos += found.length;
  return true;
}

/**
 * Stars between two letters or digits are those of a product: 2*3*4; those beside a slash are of paths and comments; and
 * the lines around a name of Python's own are its own.
 *
 * @param {{scanDelims: (this: any, start: number, split: boolean) => any}} scanner
 */
function keepProducts(scanner) {
  const scan = scanner.scanDelims;
  scanner.scanDelims = function scanDelims(start, split) {
    const found = scan.call(this, start, split);
    const [sign, before, after] = [this.src.charCodeAt(start), this.src[start - 1] ?? '', this.src[start + found.length] ?? ''];
    const inside = sign === STAR && ((WORD.test(before) && WORD.test(after)) || before === '/' || after === '/');
    const own = sign === UNDERSCORE && found.length === 2 && (DUNDER.test(this.src.slice(start, start + 80)) || /(?<!\w)__[a-z]\w*$/.test(this.src.slice(Math.max(0, start - 80), start)));
    return inside || own ? { ...found, can_open: false, can_close: false } : found;
  };
}

/** Emphasis of signs alone is none: *.* and *_* are what they look like. @param {any} state */
function keepBare(state) {
  for (const { children } of state.tokens) {
    /** @type {number[]} */
    const open = [];
    for (const [index, token] of (children ?? []).entries()) {
      if (token.nesting === 1) open.push(index);
      else if (token.nesting === -1) keepSigns(children, open.pop() ?? index, index);
    }
  }
}

/** @param {any[]} tokens @param {number} first @param {number} last */
function keepSigns(tokens, first, last) {
  if (!/^(?:em|strong|s)_open$/.test(tokens[first].type)) return;
  if (tokens.slice(first, last).some((one) => one.type === 'code_inline' || SAYS.test(one.content))) return;
  for (const one of [tokens[first], tokens[last]]) Object.assign(one, { type: 'text', tag: '', nesting: 0, content: one.markup });
}

/** What a fence says beyond its language is its first line, and an item has the number that was written. @param {any} state */
function keepBlocks(state) {
  for (const token of state.tokens) {
    if (token.type === 'fence' && token.content !== '' && /\S\s+\S/.test(token.info)) [token.content, token.info] = [`${token.info.trim()}\n${token.content}`, ''];
    if (token.type === 'list_item_open' && /^\d/.test(token.info)) token.attrSet('value', String(Number(token.info)));
  }
}

/** @param {(...args: any[]) => boolean} list @returns {(...args: any[]) => boolean} */
function listOfMore(list) {
  return (state, line, end, silent) => !(state.lineMax === 1 && state.level === 0 && ONE_ITEM.test(state.src)) && list(state, line, end, silent);
}

/** A cell is aligned by its class: the page may have no styles beside its own. @param {any} state */
function alignCells(state) {
  for (const token of state.tokens) {
    const side = /text-align:(center|right)/.exec(token.attrGet('style') ?? '')?.[1];
    if (token.attrIndex('style') >= 0) token.attrs = token.attrs.filter((/** @type {string[]} */ [name]) => name !== 'style');
    if (side !== undefined) token.attrSet('class', `to-${side}`);
  }
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
