/** Sentences of the API, which set what is written in code between backticks. */

export type Part = { text: string; kind: 'WORDS' | 'CODE' };

/** Between two backticks that stand in one line. */
const CODE = /`([^`\n]+)`/;

/** The parts of a sentence, without the backticks around those that are code. */
export function partsOf(sentence: string): Part[] {
  return sentence
    .split(CODE)
    .map((text, index): Part => ({ text, kind: index % 2 === 0 ? 'WORDS' : 'CODE' }))
    .filter(({ text }) => text !== '');
}

/** The sentence for labels, titles and filters, which take nothing but text. */
export function withoutMarks(sentence: string): string {
  return partsOf(sentence)
    .map(({ text }) => text)
    .join('');
}

/** What the API puts where it has cut a text. */
const CUT = '\u2026';

/** Whether only the beginning of the text is here. */
export function isCut(text: string): boolean {
  return text.trimEnd().endsWith(CUT);
}
