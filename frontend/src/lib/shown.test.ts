import { describe, expect, it } from 'vitest';

import { hasShape, shown, visible } from './shown';

describe('a text from outside', () => {
  it.each([
    ['web-01', 'web-01'],
    ['\u202egro.live-bd', '[U+202E]gro.live-bd'],
    ['a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['a\u200bb', 'a[U+200B]b'],
    ['bell\u0007', 'bell[U+0007]'],
    ['\u3164', '[U+3164]'],
    ['two\nlines', 'two\nlines'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%j is shown as %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it.each(['', '  ', '\u00a0', '\u200b', '\u202e', '\u3164\uffa0', '\u2800', '\u115f\u1160'])(
    '%j has nothing to see',
    (text) => {
      expect(hasShape(text)).toBe(false);
    },
  );

  it.each(['a', '1', '-', '\u{1f691}', '\u30b5\u30fc\u30d0', '\u202ea'])('%j has something to see', (text) => {
    expect(hasShape(text)).toBe(true);
  });

  it('keeps what is written from right to left apart from the sentence around it', () => {
    expect(shown('\u05e9\u05e8\u05ea')).toBe('\u2068\u05e9\u05e8\u05ea\u2069');
    expect(shown(shown('\u05e9'))).toBe('\u2068\u05e9\u2069');
    expect(visible(`Edit ${shown('\u05e9')}\u202e`)).toBe('Edit \u2068\u05e9\u2069[U+202E]');
    expect(shown('\u30b5\u30fc\u30d0')).toBe('\u30b5\u30fc\u30d0');
  });
});
