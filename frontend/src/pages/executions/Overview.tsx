import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import LiveRegion from '@cloudscape-design/components/live-region';

import type { Execution } from '../../api/types';
import { RelativeTime } from '../../components/RelativeTime';
import { plural } from '../../lib/plural';
import { CLEAN_UP_STATUS, EXECUTION_STATUS } from '../../components/status-words';
import { Status } from '../../components/Status';

type Properties = { execution: Execution; dataUpdatedAt: number };

/** The facts about an execution as a whole. */
export function Overview({ execution, dataUpdatedAt }: Properties) {
  const servers = execution.waves.flatMap((wave) => wave.servers);
  const launched = servers.filter((server) => server.status === 'LAUNCHED').length;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Box color="text-body-secondary">
              As of <RelativeTime time={dataUpdatedAt} />
            </Box>
          }
        >
          Overview
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: 'Status',
            value: (
              <>
                <LiveRegion>
                  <Status sign={EXECUTION_STATUS[execution.status]} />
                </LiveRegion>
                {execution.statusReason}
              </>
            ),
          },
          {
            label: 'Servers launched',
            value: `${launched.toString()} of ${plural(servers.length, 'server')}`,
          },
          { label: 'Started', value: <Time time={execution.startedAt} absent="Not yet" /> },
          { label: 'Ended', value: <Time time={execution.endedAt} absent="Not yet" /> },
          { label: 'Started by', value: execution.initiatedBy },
          { label: 'Plan version', value: execution.planVersion },
          {
            label: 'Clean-up',
            value: <Status sign={CLEAN_UP_STATUS[execution.cleanUp.status]} />,
          },
          { label: 'Execution id', value: execution.executionId },
        ]}
      />
    </Container>
  );
}

function Time({ time, absent }: { time: string | null | undefined; absent: string }) {
  return time == null ? absent : <RelativeTime time={time} />;
}
