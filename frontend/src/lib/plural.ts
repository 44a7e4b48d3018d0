/** Sentences with a number in them. */

/** `no servers`, `1 server`, `2 servers`. Where that would say nothing, the sentence has other words. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return count === 0 ? `no ${many}` : `${count.toString()} ${byCount(count, singular, many)}`;
}

/** `3 of 4 servers`, also where it is 0 of 4. */
export function outOf(part: number, whole: number, singular: string): string {
  return whole === 0 ? plural(0, singular) : `${part.toString()} of ${plural(whole, singular)}`;
}

/** One sentence where there is nothing to count, another where there is. */
export function orNone(count: number, none: string, some: string): string {
  return count === 0 ? none : some;
}

/** The word, or the words, that go with so many: `is` or `are`, `it` or `them`. */
export function byCount(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
