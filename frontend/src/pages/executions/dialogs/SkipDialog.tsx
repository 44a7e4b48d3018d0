import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRef, useState } from 'react';

import type { Execution, Wave } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { useFocusOnFault } from '../../../lib/focus-on-fault';
import { useCommand } from '../../../queries/commands';
import { commands as words } from '../../../text/executions';
import { WaveField } from './WaveField';

type Properties = { execution: Execution; waveKey: string | undefined; onClose: () => void };

const SKIPPABLE: readonly Wave['status'][] = ['PAUSED', 'FAILED', 'PENDING', 'TIMED_OUT'];

/** Goes on without a wave; the server decides whether it can be skipped. */
export function SkipDialog({ execution, waveKey, onClose }: Properties) {
  const waves = SKIPPABLE.flatMap((status) =>
    execution.waves.filter((wave) => wave.status === status),
  );
  const [key, setKey] = useState(waveKey ?? waves[0]?.key);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(0);
  const content = useRef<HTMLDivElement>(null);
  const command = useCommand(execution.executionId);
  useFocusOnFault(content, tried === 0 ? undefined : tried);
  const wave = execution.waves.find((candidate) => candidate.key === key);
  const left = wave?.servers.filter(({ status }) => status !== 'LAUNCHED').length ?? 0;
  return (
    <CommandDialog
      title={words.skip.title}
      confirm={words.skip.button}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setTried((times) => times + 1);
        if (key !== undefined && reason.trim() !== '') {
          command.mutate(
            { action: 'skip', waveKey: key, reason: reason.trim() },
            { onSuccess: onClose },
          );
        }
      }}
    >
      <div ref={content}>
        <SpaceBetween size="m">
          <WaveField label={words.skip.wave} waves={waves} waveKey={key} onChange={setKey} />
          <div>{words.skip.text(left)}</div>
          <FormField
            stretch
            label={words.reason}
            errorText={tried > 0 && reason.trim() === '' ? words.reasonMissing : ''}
          >
            <Input
              value={reason}
              onChange={({ detail }) => {
                setReason(detail.value);
              }}
            />
          </FormField>
        </SpaceBetween>
      </div>
    </CommandDialog>
  );
}
