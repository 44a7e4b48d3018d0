import type { ReactNode } from 'react';

/** Fields whose dialog has its button elsewhere: Enter is as good as the button. */
export function EnterForm({ onEnter, children }: { onEnter: () => void; children: ReactNode }) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onEnter();
      }}
    >
      {children}
      <button type="submit" hidden />
    </form>
  );
}
