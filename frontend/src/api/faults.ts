/** From the faults of the server to the fields that they belong to. */
import { ApiError, capitalised, type Fault } from './error';
import { withoutMarks } from '../lib/marks';

export type { Fault };

/** The faults of a failed request; none for any other failure. */
export function faultsOf(error: unknown): readonly Fault[] {
  return error instanceof ApiError ? error.faults : [];
}

/** The sentences for a member, and for everything inside it. */
export function faultText(faults: readonly Fault[], path: string): string {
  return faults
    .filter((fault) => isAt(fault.path, path))
    .map((fault) => withoutMarks(capitalised(fault.message)))
    .join(' ');
}

/** Faults of none of these members: they are told above the form. */
export function faultsElsewhere(faults: readonly Fault[], paths: readonly string[]): Fault[] {
  return faults.filter((fault) => !paths.some((path) => isAt(fault.path, path)));
}

export function isAt(faultPath: string, path: string): boolean {
  return (
    faultPath === path || faultPath.startsWith(`${path}.`) || faultPath.startsWith(`${path}[`)
  );
}
