import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { Execution } from '../../api/types';
import { sentence } from '../../api/error';
import { CancelDialog } from './CancelDialog';
import { useCommand } from '../../queries/commands';
import { ResumeDialog } from './ResumeDialog';

type Action = 'pause' | 'resume' | 'cancel';

const LABELS: Record<Action, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' };

/** The commands that an execution takes; one that it does not take now says why. */
export function ExecutionActions({ execution }: { execution: Execution }) {
  const [open, setOpen] = useState<Action | undefined>();
  const pause = useCommand(execution.executionId);
  const close = () => {
    setOpen(undefined);
  };
  return (
    <SpaceBetween size="xs" alignItems="end">
      <SpaceBetween direction="horizontal" size="xs">
        <ActionButton
          execution={execution}
          action="pause"
          loading={pause.isPending}
          onClick={() => {
            pause.mutate({ action: 'pause' });
          }}
        />
        <ActionButton
          execution={execution}
          action="resume"
          onClick={() => {
            setOpen('resume');
          }}
        />
        <ActionButton
          execution={execution}
          action="cancel"
          onClick={() => {
            setOpen('cancel');
          }}
        />
      </SpaceBetween>
      {pause.isError && (
        <Alert type="error" dismissible onDismiss={pause.reset}>
          {sentence(pause.error)}
        </Alert>
      )}
      {open === 'resume' && <ResumeDialog execution={execution} onClose={close} />}
      {open === 'cancel' && <CancelDialog execution={execution} onClose={close} />}
    </SpaceBetween>
  );
}

type ButtonProperties = {
  execution: Execution;
  action: Action;
  loading?: boolean;
  onClick: () => void;
};

function ActionButton({ execution, action, loading = false, onClick }: ButtonProperties) {
  const { allowed, reason } = execution.allowedActions[action];
  return (
    <Button
      disabled={!allowed}
      disabledReason={allowed ? '' : (reason ?? 'The server does not say why.')}
      loading={loading}
      loadingText="Being sent"
      onClick={onClick}
    >
      {LABELS[action]}
    </Button>
  );
}
