import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { capitalised } from '../../../api/error';
import type { Execution, Wave } from '../../../api/types';
import { CommandDialog } from '../../../components/CommandDialog';
import { ServerSelection } from '../../../components/ServerSelection';
import { useCommand } from '../../../queries/commands';
import { commands as words } from '../../../text/executions';
import { hasFailed } from '../instances';
import { WaveField } from './WaveField';

type Properties = { execution: Execution; waveKey: string | undefined; onClose: () => void };

/** Launches servers again: the failed ones of a wave, and unknown ones only by name. */
export function RetryDialog({ execution, waveKey, onClose }: Properties) {
  const waves = execution.waves.filter((wave) => candidates(wave).length > 0);
  const [key, setKey] = useState(waveKey ?? waves[0]?.key);
  const wave = waves.find((candidate) => candidate.key === key);
  const [chosen, setChosen] = useState<readonly string[] | undefined>();
  const [reason, setReason] = useState('');
  const [isTried, setIsTried] = useState(false);
  const command = useCommand(execution.executionId);
  const servers = wave === undefined ? [] : candidates(wave);
  const failed = servers.filter(hasFailed);
  const ids = chosen ?? failed.map(({ sourceServerId }) => sourceServerId);
  return (
    <CommandDialog
      size="large"
      title={words.retry.title}
      confirm={words.retry.button(ids.length)}
      dismiss={words.goBack}
      command={command}
      onClose={onClose}
      onConfirm={() => {
        setIsTried(true);
        if (wave !== undefined && ids.length > 0) {
          command.mutate(
            {
              action: 'retry',
              waveKey: wave.key,
              sourceServerIds: [...ids],
              reason: reason.trim(),
            },
            { onSuccess: onClose },
          );
        }
      }}
    >
      <SpaceBetween size="m">
        <div>{words.retry.text}</div>
        <WaveField
          label={words.retry.wave}
          waves={waves}
          waveKey={key}
          onChange={(next) => {
            setKey(next);
            setChosen(undefined);
          }}
        />
        <ServerSelection
          label={words.retry.servers}
          noteTitle={words.retry.why}
          empty={words.retry.none}
          servers={servers.map((server) => ({
            sourceServerId: server.sourceServerId,
            hostname: server.hostname,
            note:
              server.status === 'UNKNOWN' ? words.retry.unknown : capitalised(server.error ?? ''),
          }))}
          chosen={ids}
          fault={isTried && ids.length === 0 ? words.retry.choose : ''}
          onChange={setChosen}
        />
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

function candidates(wave: Wave) {
  return wave.servers.filter((server) => hasFailed(server) || server.status === 'UNKNOWN');
}
