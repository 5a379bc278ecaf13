/** The page's libraries, as far as it uses them, for the check of its types: what each of their functions takes and gives. */

declare module 'preact' {
  export const h: unknown;
  export function render(node: unknown, parent: Element): void;
  export class Component<Props = {}, State = {}> {
    props: Props;
    state: State;
    setState(state: Partial<State>): void;
  }
}

declare module 'preact/hooks' {
  type Effect = () => void | (() => unknown);
  export function useState<T>(first: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
  export function useRef<T>(first: T): { current: T };
  export function useEffect(effect: Effect, inputs?: readonly unknown[]): void;
  export function useLayoutEffect(effect: Effect, inputs?: readonly unknown[]): void;
}

declare module '@preact/signals-core' {
  export interface Signal<T> {
    value: T;
  }
  export function signal<T>(first: T): Signal<T>;
  export function effect(run: () => void | (() => void)): () => void;
  export function batch<T>(run: () => T): T;
}

declare module '@preact/signals' {
  export * from '@preact/signals-core';
}

declare module 'htm' {
  const htm: { bind(h: unknown): (strings: TemplateStringsArray, ...values: unknown[]) => any };
  export default htm;
}

declare module 'markdown-it' {
  export default class MarkdownIt {
    constructor(options: { html: boolean; linkify: boolean; breaks: boolean });
    linkify: { set(options: { fuzzyLink: boolean; fuzzyEmail: boolean }): void };
    normalizeLinkText: (text: string) => string;
    validateLink: (url: string) => boolean;
    core: { ruler: { after(name: string, own: string, rule: (state: any) => void): void } };
    inline: {
      ruler: {
        at(name: string, rule: (state: any, silent: boolean) => boolean): void;
        before(name: string, own: string, rule: (state: any, silent: boolean) => boolean): void;
      };
      State: { prototype: any };
    };
    block: { ruler: { at(name: string, rule: (...args: any[]) => boolean, options: { alt: string[] }): void } };
    disable(rules: string[]): void;
    parse(text: string, env: object): { children: unknown[] | null }[];
    options: object;
    renderer: { render(tokens: object[], options: object, env: object): string };
  }
}

declare module 'dompurify' {
  const purify: { sanitize(html: string, options: object): unknown };
  export default purify;
}

declare module 'emoji' {
  const table: string;
  export default table;
}

declare module 'highlight.js' {
  const highlight: {
    getLanguage(name: string): object | undefined;
    highlight(text: string, options: { language: string }): { value: string };
  };
  export default highlight;
}
