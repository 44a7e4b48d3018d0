import SpaceBetween from '@cloudscape-design/components/space-between';

import type { ActionName, Execution } from '../../api/types';
import { ReasonedButton } from '../../components/ReasonedButton';
import { RefusalAlert } from '../../components/RefusalAlert';
import { useCommand } from '../../queries/commands';
import { common } from '../../text/common';
import { commands } from '../../text/executions';
import { ContinueButton } from './ContinueButton';
import { isOffered, reasonOf } from './allowed';
import type { OpenDialog, OpenedDialog } from './dialogs/open-dialog';

type Properties = { execution: Execution; onOpen: OpenDialog };

const DIALOGS: readonly [Exclude<ActionName, 'pause'>, OpenedDialog][] = [
  ['resume', { action: 'resume', holdIds: [] }],
  ['retry', { action: 'retry', waveKey: undefined }],
  ['skip', { action: 'skip', waveKey: undefined }],
  ['resolve', { action: 'resolve', holdId: undefined }],
  ['cancel', { action: 'cancel', giveUpOn: [] }],
  ['terminateInstances', { action: 'terminateInstances' }],
];

/** Once nothing more starts, all that is left to cancel is waiting for servers that never answer. */
function labelOf({ status }: Execution, action: Exclude<ActionName, 'pause'>): string {
  const isEnding = status === 'CANCELLING' || status === 'STOPPING';
  return action === 'cancel' && isEnding ? commands.giveUpOn : commands.labels[action];
}

/** The commands that an execution takes; one that it does not take now says why. */
export function ExecutionActions({ execution, onOpen }: Properties) {
  const pause = useCommand(execution.executionId);
  return (
    <SpaceBetween size="xs" alignItems="end">
      <SpaceBetween direction="horizontal" size="xs">
        <ContinueButton execution={execution} />
        <ReasonedButton
          reason={reasonOf(execution, 'pause')}
          loading={pause.isPending}
          loadingText={common.beingSent}
          onClick={() => {
            pause.mutate({ action: 'pause' });
          }}
        >
          {commands.labels.pause}
        </ReasonedButton>
        {DIALOGS.filter(([action]) => isOffered(execution, action)).map(([action, dialog]) => (
          <ReasonedButton
            key={action}
            reason={reasonOf(execution, action)}
            onClick={() => {
              onOpen(dialog);
            }}
          >
            {labelOf(execution, action)}
          </ReasonedButton>
        ))}
      </SpaceBetween>
      {pause.isError && <RefusalAlert error={pause.error} />}
    </SpaceBetween>
  );
}
