import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { Execution } from '../../api/types';
import { CommandDialog } from '../../components/CommandDialog';
import { useCommand } from '../../queries/commands';

type Properties = { execution: Execution; onClose: () => void };

/** Asks once more before an execution is cancelled, and says what that does and does not do. */
export function CancelDialog({ execution, onClose }: Properties) {
  const [reason, setReason] = useState('');
  const command = useCommand(execution.executionId);
  return (
    <CommandDialog
      title="Cancel execution"
      confirm="Cancel execution"
      dismiss="Go back"
      command={command}
      onClose={onClose}
      onConfirm={() => {
        command.mutate({ action: 'cancel', reason: reason.trim(), giveUpOn: [] }, { onSuccess: onClose });
      }}
    >
      <SpaceBetween size="m">
        <Box>
          Nothing more is started. Jobs that run are followed to their end, and no instance is
          terminated.
        </Box>
        <FormField label="Reason" description="Optional; kept with the execution.">
          <Input
            value={reason}
            onChange={({ detail }) => {
              setReason(detail.value);
            }}
          />
        </FormField>
      </SpaceBetween>
    </CommandDialog>
  );
}
