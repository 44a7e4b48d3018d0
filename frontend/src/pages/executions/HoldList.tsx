import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { capitalised } from '../../api/error';
import type { ActionName, Execution, Hold } from '../../api/types';
import { ReasonedButton } from '../../components/ReasonedButton';
import { RelativeTime } from '../../components/RelativeTime';
import { SentenceText } from '../../components/SentenceText';
import { HOLD_TYPE } from '../../text/status-words';
import { commands } from '../../text/executions';
import { page as words } from '../../text/executions';
import { reasonOf } from './allowed';
import type { OpenDialog, OpenedDialog } from './dialogs/open-dialog';
import { Failures } from './Failures';
import { waveName, withWaveNames } from './wave-names';
import { WholeInLog } from './WholeText';

type Properties = { execution: Execution; onOpen: OpenDialog };

/** Each thing that waits for a person, with what the person can do about it. */
export function HoldList({ execution, onOpen }: Properties) {
  if (execution.holds.length === 0) {
    return null;
  }
  return (
    <SpaceBetween size="s">
      {execution.holds.map((hold) => (
        <Alert
          key={hold.holdId}
          type="warning"
          header={`${HOLD_TYPE[hold.type]}${
            hold.waveKey === null ? '' : `: ${waveName(execution, hold.waveKey)}`
          }`}
          action={<HoldButtons execution={execution} hold={hold} onOpen={onOpen} />}
        >
          {hold.detail !== null && (
            <div>
              <SentenceText whole={<WholeInLog />}>{capitalised(withWaveNames(execution, hold.detail))}</SentenceText>
            </div>
          )}
          {hold.type === 'FAILURE' && (
            <Failures waves={execution.waves.filter(({ key }) => key === hold.waveKey)} />
          )}
          {words.since} <RelativeTime time={hold.since} />
        </Alert>
      ))}
    </SpaceBetween>
  );
}

function HoldButtons({ execution, hold, onOpen }: Properties & { hold: Hold }) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {buttonsOf(execution, hold).map(({ label, action, dialog }) => (
        <ReasonedButton
          key={label}
          reason={reasonOf(execution, action)}
          onClick={() => {
            onOpen(dialog);
          }}
        >
          {label}
        </ReasonedButton>
      ))}
    </SpaceBetween>
  );
}

type HoldButton = { label: string; action: ActionName; dialog: OpenedDialog };

function buttonsOf(execution: Execution, hold: Hold): HoldButton[] {
  const waveKey = hold.waveKey ?? undefined;
  const resume = (label: string): HoldButton => ({
    label,
    action: 'resume',
    dialog: { action: 'resume', holdIds: [hold.holdId] },
  });
  const skip: HoldButton = {
    label: commands.skipWave,
    action: 'skip',
    dialog: { action: 'skip', waveKey },
  };
  switch (hold.type) {
    case 'GATE':
      return [skip, resume(commands.openGate(waveName(execution, hold.waveKey ?? '')))];
    case 'MANUAL':
      return [resume(commands.endPause)];
    case 'FAILURE':
      return [
        resume(commands.goOnWithout),
        skip,
        {
          label: commands.retryFailed,
          action: 'retry',
          dialog: { action: 'retry', waveKey },
        },
      ];
    case 'UNDECIDED':
      return [
        {
          label: commands.giveUp,
          action: 'cancel',
          dialog: { action: 'cancel', giveUpOn: undecidedServers(execution, waveKey) },
        },
        {
          label: commands.resolveDoubt,
          action: 'resolve',
          dialog: { action: 'resolve', holdId: hold.holdId },
        },
      ];
  }
}

function undecidedServers(execution: Execution, waveKey: string | undefined): string[] {
  return execution.waves
    .filter((wave) => wave.key === waveKey)
    .flatMap((wave) => wave.servers)
    .filter(({ status }) => status === 'RECONCILING')
    .map(({ sourceServerId }) => sourceServerId);
}
