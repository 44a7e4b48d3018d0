import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';

import { EmptyState } from '../../components/EmptyState';
import { Freshness } from '../../components/Freshness';
import { InternalLink } from '../../components/InternalLink';
import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../layout/Page';
import { paths } from '../../paths';
import { useServices } from '../../services';
import { ExecutionActions } from './ExecutionActions';
import { Observation } from './Observation';
import { Overview } from './Overview';
import { executionQuery } from '../../queries/executions';
import { KIND } from '../../components/status-words';
import { Waiting } from './Waiting';
import { WaveSection } from './WaveSection';

/** One execution as it runs: what it waits for, its waves and their servers. */
export default function ExecutionPage() {
  const { executionId = '' } = useParams();
  const missing = (
    <EmptyState
      title="No such execution"
      action={<InternalLink href={paths.executions()}>All executions</InternalLink>}
    >
      There is no execution with the id {executionId}.
    </EmptyState>
  );
  return (
    <LoadBoundary title="Execution" subject={executionId} missing={missing}>
      <LiveExecution key={executionId} executionId={executionId} />
    </LoadBoundary>
  );
}

function LiveExecution({ executionId }: { executionId: string }) {
  const { api } = useServices();
  const query = useSuspenseQuery(executionQuery(api, executionId));
  const execution = query.data;
  return (
    <Page
      title={`${KIND[execution.kind]} of ${execution.recoveryPlanName}`}
      actions={<ExecutionActions execution={execution} />}
    >
      <SpaceBetween size="l">
        <Freshness query={query} />
        <Observation execution={execution} />
        {execution.warnings.map((warning) => (
          <Alert key={warning} type="warning">
            {warning}
          </Alert>
        ))}
        <Overview execution={execution} dataUpdatedAt={query.dataUpdatedAt} />
        <Waiting execution={execution} />
        {execution.waves.map((wave) => (
          <WaveSection key={wave.key} wave={wave} />
        ))}
      </SpaceBetween>
    </Page>
  );
}
