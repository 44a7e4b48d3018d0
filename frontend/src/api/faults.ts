/** From the faults of the server to the fields that they belong to. */
import { useEffect, type RefObject } from 'react';

import { ApiError, capitalised, type Fault } from '../api/error';
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

/** Moves the focus to the first field with a fault, once for each answer of the server. */
export function useFocusOnFault(form: RefObject<HTMLElement | null>, mark: unknown): void {
  // The fields are marked only when they have been rendered with their faults.
  useEffect(() => {
    if (mark !== undefined && mark !== null) {
      form.current
        ?.querySelector<HTMLElement>('[aria-invalid="true"], [data-faulty="true"] button')
        ?.focus();
    }
  }, [form, mark]);
}

export function isAt(faultPath: string, path: string): boolean {
  return (
    faultPath === path || faultPath.startsWith(`${path}.`) || faultPath.startsWith(`${path}[`)
  );
}
