/** `1 server`, `2 servers`. */
export function plural(count: number, singular: string): string {
  return `${count.toString()} ${count === 1 ? singular : `${singular}s`}`;
}
