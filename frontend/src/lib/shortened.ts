/** Texts in pictures, which do not wrap. */

/** The first characters of a text, as a person counts them. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
