/** Every sentence with a number and a noun has its singular, and counts nothing where there is nothing. */
import { expect, it } from 'vitest';

type Words = Record<string, unknown>;

const modules = import.meta.glob<Words>(['./*.ts', '!./*.test.ts'], { eager: true });
const WORD = 'Some';
const NOUN = '(?:server|instance|wave|group|plan|hold|drill|job|role|attempt)';
const MANY = '(?:are|have|stay|run|launch)';
/** What a plural looks like where one thing is meant. */
const WRONG = new RegExp(
  `\\b1 (?!of)(?:\\w+ ){0,2}${NOUN}(?:e?s\\b|\\b[^.;:]* ${MANY}\\b)`,
);

/** A count of nothing: `0 servers`, a sentence that begins with `no`, and nothing that is not. */
const NOTHING = new RegExp(`\\b0 (?!of)(?:\\w+ ){0,2}${NOUN}s?\\b|^no |\\bno (?:\\w+ )?${NOUN}s?\\b[^.;:]*\\b(?:not|nobody)\\b`);

type Sentence = [where: string, sentence: string];

/** What a function says of so many things, whichever of its arguments are numbers. */
function sayings(say: (...values: unknown[]) => unknown, where: string, count: number): Sentence[] {
  return Array.from({ length: 2 ** say.length }, (_, choice) =>
    Array.from({ length: say.length }, (_, index) => ((choice >> index) & 1 ? count : WORD)),
  ).flatMap((values): Sentence[] => {
    try {
      const said = say(...values);
      return typeof said === 'string' ? [[where, said]] : [];
    } catch {
      // A number where a name belongs is no name.
      return [];
    }
  });
}

function sentencesOf(words: unknown, where: string, count: number): Sentence[] {
  if (typeof words === 'function') {
    return sayings(words as (...values: unknown[]) => unknown, where, count);
  }
  return typeof words === 'object' && words !== null
    ? Object.entries(words).flatMap(([name, member]) => sentencesOf(member, `${where}.${name}`, count))
    : [];
}

const said = sentencesOf(modules, '', 1);

it('finds the sentences with numbers', () => {
  expect(said.map(([, sentence]) => sentence)).toEqual(
    expect.arrayContaining(['Start drill on 1 server', 'Retry 1 server', '1 match']),
  );
});

it('says nothing of one thing in the plural', () => {
  expect(said.filter(([, sentence]) => WRONG.test(sentence))).toEqual([]);
});

it.each(['1 servers cannot be used', 'Its 1 server stay as they are', '1 recovery instance run', '1 chosen server are'])(
  'knows %j for a plural',
  (sentence) => {
    expect(WRONG.test(sentence)).toBe(true);
  },
);

it('counts nothing where there is nothing', () => {
  const ofNothing = sentencesOf(modules, '', 0);
  expect(ofNothing.map(([, sentence]) => sentence)).toContain('Nothing that has not started is left.');
  expect(ofNothing.filter(([, sentence]) => NOTHING.test(sentence))).toEqual([]);
});

it.each(['Nothing more is started: 0 servers will not be launched.', '0 recovery instances run', 'no servers queued', 'Of no servers nobody knows'])(
  'knows %j for a count of nothing',
  (sentence) => {
    expect(NOTHING.test(sentence)).toBe(true);
  },
);
