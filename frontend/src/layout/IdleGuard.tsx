import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import { useEffect, useState } from 'react';

import { useNow } from '../lib/now';
import { duration } from '../lib/time';
import { useServices } from '../services';
import { common } from '../text/common';
import { shell } from '../text/shell';

const IDLE_MS = 30 * 60_000;
const WARNED_BEFORE_MS = 2 * 60_000;
const ACTIVITY = ['pointerdown', 'keydown', 'wheel'] as const;

/** Signs out whoever left the screen, after asking. */
export function IdleGuard() {
  const { session } = useServices();
  const now = useNow();
  const [activeAt, setActiveAt] = useState(now);
  const left = activeAt + IDLE_MS - now;
  const isAsking = left <= WARNED_BEFORE_MS;
  // What a person does anywhere on the page is heard by the window alone.
  useEffect(() => {
    const note = () => {
      setActiveAt(Date.now());
    };
    if (!isAsking) {
      for (const name of ACTIVITY) {
        window.addEventListener(name, note, { passive: true });
      }
    }
    return () => {
      for (const name of ACTIVITY) {
        window.removeEventListener(name, note);
      }
    };
  }, [isAsking]);
  const isOver = left <= 0;
  useEffect(() => {
    if (isOver) {
      void session.signOut(shell.signedOutIdle);
    }
  }, [isOver, session]);
  const stay = () => {
    setActiveAt(Date.now());
  };
  if (!isAsking || isOver) {
    return null;
  }
  return (
    <Modal
      visible
      header={shell.idleTitle}
      closeAriaLabel={common.close}
      onDismiss={stay}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={stay}>
            {shell.stay}
          </Button>
        </Box>
      }
    >
      {shell.idleText(duration(left))}
    </Modal>
  );
}
