import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { memo } from 'react';

import { capitalised } from '../../api/error';
import type { Execution } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { SentenceText } from '../../components/SentenceText';
import { page as words } from '../../text/executions';
import { countOf } from './count-of';
import type { OpenDialog } from './dialogs/open-dialog';
import { Failures } from './Failures';
import { HoldList } from './HoldList';
import { verdictOf } from './verdict';
import { WaitingList } from './WaitingList';
import { withWaveNames } from './wave-names';
import { WholeInLog } from './WholeText';

type Properties = { execution: Execution; dataUpdatedAt: number; onOpen: OpenDialog };

/** The first thing on the page: what is happening, what comes next, who must act, how old that is. */
export const VerdictPanel = memo(function VerdictPanel({
  execution,
  dataUpdatedAt,
  onOpen,
}: Properties) {
  const verdict = verdictOf(execution);
  return (
    <Container
      header={
        <Header variant="h2">
          <StatusIndicator type={verdict.type} iconAriaLabel={words.signs[verdict.type]} />{' '}
          {verdict.headline}
        </Header>
      }
    >
      <LiveRegion hidden>{verdict.headline}</LiveRegion>
      <SpaceBetween size="l">
        {execution.observationError !== null && (
          <Box color="text-status-error">
            <SentenceText>{capitalised(execution.observationError)}</SentenceText>
          </Box>
        )}
        {execution.statusReason !== null && (
          <Box>
            <SentenceText whole={<WholeInLog />}>{capitalised(withWaveNames(execution, execution.statusReason))}</SentenceText>
          </Box>
        )}
        <Failures title={words.failures} waves={wavesWithoutHold(execution)} />
        <KeyValuePairs
          columns={3}
          items={[
            { label: words.next, value: verdict.next },
            { label: words.who, value: verdict.who },
            {
              label: words.age,
              value: <Age execution={execution} dataUpdatedAt={dataUpdatedAt} />,
            },
          ]}
        />
        <WaitingList execution={execution} />
        <HoldList execution={execution} onOpen={onOpen} />
      </SpaceBetween>
    </Container>
  );
});

/** A hold that waits because of failures tells of them itself. */
function wavesWithoutHold({ waves, holds }: Execution) {
  const held = holds.filter(({ type }) => type === 'FAILURE').map(({ waveKey }) => waveKey);
  return waves.filter(({ key }) => !held.includes(key));
}

function Age({ execution, dataUpdatedAt }: Pick<Properties, 'execution' | 'dataUpdatedAt'>) {
  return (
    <>
      {execution.observedAt === null ? (
        words.notSeen
      ) : (
        <>
          {words.seen} <RelativeTime time={execution.observedAt} />
          {isStill(execution) && words.still}
        </>
      )}
      ; {words.answered} <RelativeTime time={dataUpdatedAt} />
    </>
  );
}

/** Nothing of it moves in DRS, so there was nothing to look at since. */
function isStill(execution: Execution): boolean {
  return (
    execution.observation === 'CURRENT' &&
    execution.cleanUp.status !== 'RUNNING' &&
    countOf(execution, ['LAUNCHING', 'RECONCILING', 'QUEUED']) === 0
  );
}
