import Button, { type ButtonProps } from '@cloudscape-design/components/button';

type Properties = Omit<ButtonProps, 'disabled' | 'disabledReason'> & {
  /** Why it cannot be used now; nothing where it can. */
  reason: string | undefined;
};

/** A button that is never hidden: one that cannot be used says why. */
export function ReasonedButton({ reason, ...properties }: Properties) {
  return (
    <Button {...properties} disabled={reason !== undefined} disabledReason={reason ?? ''} />
  );
}
