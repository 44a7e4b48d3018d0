import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { memo } from 'react';

import { capitalised } from '../../api/error';
import type { Execution } from '../../api/types';
import { Status } from '../../components/Status';
import { CLEAN_UP_INSTANCE_STATUS, CLEAN_UP_STATUS } from '../../components/status-words';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';

const GONE: readonly string[] = ['TERMINATED', 'ALREADY_GONE'];

/** The clean-up of a drill, instance by instance, to its end. */
export const CleanUpSection = memo(function CleanUpSection({ execution }: { execution: Execution }) {
  const { cleanUp } = execution;
  if (cleanUp.status === 'NOT_STARTED') {
    return null;
  }
  const gone = cleanUp.instances.filter(({ status }) => GONE.includes(status)).length;
  const total = cleanUp.instances.length;
  const nameOf = (sourceServerId: string) =>
    execution.waves
      .flatMap((wave) => wave.servers)
      .find((server) => server.sourceServerId === sourceServerId)?.hostname ?? sourceServerId;
  const titles = words.cleanUpColumns;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            cleanUp.initiatedBy === null ? undefined : words.cleanUpBy(cleanUp.initiatedBy)
          }
          actions={<Status sign={CLEAN_UP_STATUS[cleanUp.status]} />}
        >
          {words.cleanUp}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {total > 0 && (
          <ProgressBar
            value={(100 * gone) / total}
            label={words.cleanUpLabel}
            additionalInfo={words.cleanUpProgress(gone, total)}
          />
        )}
        {cleanUp.reason !== null && (
          <Box data-testid="clean-up-reason">{capitalised(cleanUp.reason)}</Box>
        )}
        <Table
          variant="embedded"
          items={cleanUp.instances}
          trackBy="recoveryInstanceId"
          wrapLines
          ariaLabels={{ tableLabel: words.cleanUp }}
          columnDefinitions={[
            {
              id: 'instance',
              header: titles.instance,
              isRowHeader: true,
              cell: (item) => item.recoveryInstanceId,
            },
            { id: 'server', header: titles.server, cell: (item) => nameOf(item.sourceServerId) },
            {
              id: 'status',
              header: titles.status,
              cell: (item) => <Status sign={CLEAN_UP_INSTANCE_STATUS[item.status]} />,
            },
            {
              id: 'reason',
              header: titles.reason,
              cell: (item) => (item.reason === null ? common.none : capitalised(item.reason)),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  );
});
