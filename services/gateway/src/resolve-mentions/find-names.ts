import { LinkifyIt } from 'linkify-it';
import { blankCode } from './blank-code';

/** `@name` in a text. */
export interface NameInText {
  /** In lower case, as names are. */
  name: string;
  /** The place of the `@`, in UTF-16 code units. */
  start: number;
  /** The place after the name. */
  end: number;
}

/**
 * Longer runs of characters without white space are not searched: the time to find links in one grows with the square
 * of its length.
 */
export const SEARCHED_MAX = 500;

const NAME_MAX = 50;

/**
 * A character of a word. Not letters of scripts that put no space between words, or add endings to foreign words: they
 * may stand beside a name.
 */
const WORD = String.raw`[[\p{L}\p{N}\p{Pc}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]`;

/** Not in a word and not after `@` or `/`, also with marks on it. A keycap makes an emoji of a digit. */
const BEFORE = String.raw`(?<!(?:${WORD}|[@\/])[\p{M}\u200C\u200D]*(?<!\u20E3))`;

/** Not before the rest of a word, or of an address such as `@nico@example.org`. */
const AFTER = String.raw`(?!@|\p{M}|[.\-]*${WORD})`;

/** A name may contain dots and hyphens, and does not end with one. */
const NAME = new RegExp(String.raw`${BEFORE}@([A-Za-z0-9_.\-]*[A-Za-z0-9_])${AFTER}`, 'gv');

const links = new LinkifyIt({ fuzzyLink: true, urlAuth: true });

/** Finds `@name` in `text`, except in code, URLs and e-mail addresses. Whether there is such a user is left open. */
export function findNames(text: string): NameInText[] {
  if (!text.includes('@')) return [];
  return [...blankCode(text).matchAll(/\S+/g)].flatMap(({ 0: run, index }) =>
    namesIn(run).map(({ name, start, end }) => ({ name, start: index + start, end: index + end })),
  );
}

/** Of a run of characters without white space. */
function namesIn(run: string): NameInText[] {
  if (!run.includes('@') || run.length > SEARCHED_MAX) return [];
  const names = [...run.matchAll(NAME)]
    .map(({ 0: text, 1: name = '', index }) => ({ name: name.toLowerCase(), start: index, end: index + text.length }))
    .filter(({ name }) => name.length <= NAME_MAX);
  const found = names.length > 0 ? (links.match(run) ?? []) : [];
  return names.filter(({ start, end }) => !found.some((link) => link.index < end && start < link.lastIndex));
}
