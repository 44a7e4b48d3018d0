/** One form's way from the button to the next step of signing in. */
import { useState } from 'react';

type Submission = {
  /** The button was pressed at least once: faults may show. */
  isTried: boolean;
  isPending: boolean;
  error: unknown;
  submit: (isComplete: boolean) => void;
};

/** What is asked for is told only after the first attempt, and sent only when it is complete. */
export function useSubmission<Step>(
  send: () => Promise<Step>,
  onStep: (step: Step) => void,
): Submission {
  const [isTried, setIsTried] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const perform = async () => {
    setIsPending(true);
    setError(undefined);
    try {
      onStep(await send());
    } catch (failure) {
      setError(failure);
    } finally {
      setIsPending(false);
    }
  };
  const submit = (isComplete: boolean) => {
    setIsTried(true);
    if (isComplete && !isPending) {
      void perform();
    }
  };
  return { isTried, isPending, error, submit };
}
