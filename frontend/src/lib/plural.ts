/** Sentences with a number in them. */

/** `1 server`, `2 servers`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${count.toString()} ${byCount(count, singular, many)}`;
}

/** The word, or the words, that go with so many: `is` or `are`, `it` or `them`. */
export function byCount(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
