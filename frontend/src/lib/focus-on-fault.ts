/** The focus of a form that the server has refused. */
import { useEffect, type RefObject } from 'react';

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
