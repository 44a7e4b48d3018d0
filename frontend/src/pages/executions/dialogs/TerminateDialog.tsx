import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useRef, useState } from 'react';

import type { Execution } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { useFocusOnFault } from '../../../components/faults';
import { useCommand } from '../../../queries/commands';
import { commands as words, page } from '../../../text/executions';
import { liveInstances } from '../instances';

type Properties = { execution: Execution; onClose: () => void };

/** Lists exactly what goes, and asks for the name of the plan. */
export function TerminateDialog({ execution, onClose }: Properties) {
  const [name, setName] = useState('');
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const command = useCommand(execution.executionId);
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const instances = liveInstances(execution);
  const isRight = name.trim() === execution.recoveryPlanName;
  return (
    <CommandDialog
      size="large"
      title={words.terminate.title}
      confirm={words.terminate.button(instances.length)}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setTried((times) => times + 1);
        if (isRight) {
          command.mutate(
            { action: 'terminateInstances', confirm: name.trim() },
            { onSuccess: onClose },
          );
        }
      }}
    >
      <div ref={content}>
        <SpaceBetween size="m">
          <Alert type="warning">{words.terminate.text}</Alert>
          <Table
            variant="embedded"
            items={instances}
            trackBy="id"
            ariaLabels={{ tableLabel: words.terminate.title }}
            empty={words.terminate.none}
            columnDefinitions={[
              {
                id: 'instance',
                header: page.cleanUpColumns.instance,
                isRowHeader: true,
                cell: ({ id }) => id,
              },
              {
                id: 'server',
                header: page.cleanUpColumns.server,
                cell: ({ server }) => server.hostname ?? server.sourceServerId,
              },
            ]}
          />
          <FormField
            stretch
            label={words.terminate.type(execution.recoveryPlanName)}
            errorText={tried > 0 && !isRight ? words.terminate.differs : ''}
          >
            <Input
              value={name}
              autoComplete={false}
              onChange={({ detail }) => {
                setName(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}
