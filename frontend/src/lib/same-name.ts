/** Whether somebody has typed a name: a letter with its accent is the same letter in either form. */
import { visible } from './shown';

/** A name may also be typed as it is shown, which is the only way where it has letters without a shape. */
export function isSameName(typed: string, name: string): boolean {
  const wanted = normal(name);
  const given = normal(typed);
  return given === wanted || given === visible(wanted);
}

function normal(text: string): string {
  return text.normalize('NFC').trim();
}
