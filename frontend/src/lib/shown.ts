/**
 * Texts from outside (hostnames, names that people gave, reasons, errors of AWS) as they may be
 * shown: whatever they hold, they cannot hide anything, and cannot reorder what stands beside them.
 */

/**
 * Characters that have no shape, or that turn the direction of what follows. The two joiners stay:
 * words of several languages, and pictures made of several signs, are written with them.
 */
const SHAPELESS = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;

/** A letter, a digit, a sign: something that can be seen. */
const SHAPE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATE = '\u2068';
const END_OF_ISOLATE = '\u2069';

/** What `shown` has put between its signs already: they turn nothing outside of themselves. */
const ISOLATED = /\u2068([^\u2066-\u2069]*)\u2069/gu;

/** The text with each character that has no shape as its number, such as `[U+202E]`. */
export function visible(text: string): string {
  const parts = text.normalize('NFC').split(ISOLATED);
  return parts
    .map((part, index) => (index % 2 === 0 ? marked(part) : `${ISOLATE}${marked(part)}${END_OF_ISOLATE}`))
    .join('');
}

/** Whether anything of the text can be seen. */
export function hasShape(text: string): boolean {
  return SHAPE.test(text.replaceAll(SHAPELESS, ''));
}

/**
 * The visible text for a sentence or a label, where there is no element to isolate it: text that is
 * written from right to left is put between signs that keep it from reordering the rest.
 */
export function shown(text: string): string {
  const safe = visible(text);
  const isApart = safe.startsWith(ISOLATE) && safe.endsWith(END_OF_ISOLATE);
  return RIGHT_TO_LEFT.test(safe) && !isApart ? `${ISOLATE}${safe}${END_OF_ISOLATE}` : safe;
}

function marked(text: string): string {
  return text.replaceAll(SHAPELESS, (character) => `[U+${hexOf(character)}]`);
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
