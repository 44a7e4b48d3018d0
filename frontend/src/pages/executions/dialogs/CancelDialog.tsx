import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import type { Execution, Server } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { ServerSelection } from '../../../components/ServerSelection';
import { SERVER_STATUS } from '../../../text/status-words';
import { useCommand } from '../../../queries/commands';
import { commands as words } from '../../../text/executions';
import { countOf } from '../count-of';

type Properties = { execution: Execution; giveUpOn: readonly string[]; onClose: () => void };

/** Asks once more before an execution is cancelled, and says what that does and does not do. */
export function CancelDialog({ execution, giveUpOn, onClose }: Properties) {
  const [reason, setReason] = useState('');
  const [given, setGiven] = useState(giveUpOn);
  const command = useCommand(execution.executionId);
  const inFlight = serversOf(execution, ['LAUNCHING', 'RECONCILING']);
  return (
    <CommandDialog
      size="large"
      title={words.cancel.title}
      confirm={words.cancel.button}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        command.mutate(
          { action: 'cancel', reason: reason.trim(), giveUpOn: [...given] },
          { onSuccess: onClose },
        );
      }}
    >
      <SpaceBetween size="m">
        <Consequences execution={execution} />
        {inFlight.length > 0 && (
          <ServerSelection
            label={words.cancel.giveUp}
            description={words.cancel.giveUpHint}
            noteTitle={words.cancel.status}
            empty={words.cancel.none}
            servers={inFlight.map(({ sourceServerId, hostname, status }) => ({
              sourceServerId,
              hostname,
              note: SERVER_STATUS[status].label,
            }))}
            chosen={given}
            onChange={setGiven}
          />
        )}
        <FormField stretch label={words.reason} description={words.reasonOptional}>
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

/** How many servers in how many jobs still come up. */
function Consequences({ execution }: { execution: Execution }) {
  const launching = serversOf(execution, ['LAUNCHING']);
  const jobs = new Set(launching.flatMap(({ jobId }) => jobId ?? []));
  const unclear = countOf(execution, ['RECONCILING']);
  return (
    <ul>
      <li>{words.cancel.nothingMore(countOf(execution, ['PENDING', 'QUEUED']))}</li>
      <li>{words.cancel.stillUp(launching.length, jobs.size)}</li>
      {unclear > 0 && <li>{words.cancel.unclear(unclear)}</li>}
      <li>{words.cancel.kept}</li>
    </ul>
  );
}

function serversOf(execution: Execution, statuses: readonly Server['status'][]): Server[] {
  return execution.waves
    .flatMap((wave) => wave.servers)
    .filter(({ status }) => statuses.includes(status));
}
