import Alert from '@cloudscape-design/components/alert';
import Badge from '@cloudscape-design/components/badge';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useParams } from 'react-router';

import { capitalised } from '../../api/error';
import type { Execution } from '../../api/types';
import { EmptyState } from '../../components/EmptyState';
import { Freshness } from '../../components/Freshness';
import { InternalLink } from '../../components/InternalLink';
import { LoadBoundary } from '../../components/LoadBoundary';
import { regionText } from '../../text/region';
import { SentenceText } from '../../components/SentenceText';
import { isEnded, KIND } from '../../text/status-words';
import { Page } from '../../components/Page';
import { paths } from '../../paths';
import { executionQuery } from '../../queries/executions';
import { useServices } from '../../services';
import { executions as words } from '../../text/executions';
import { help } from '../../text/shell';
import { CleanUpSection } from './CleanUpSection';
import { DetailTabs } from './DetailTabs';
import { Dialogs } from './dialogs/Dialogs';
import type { OpenedDialog } from './dialogs/open-dialog';
import { ExecutionActions } from './ExecutionActions';
import { Facts } from './Facts';
import { VerdictPanel } from './VerdictPanel';
import { withWaveNames } from './wave-names';
import { Waves } from './Waves';
import { useWholeTexts } from './WholeTexts';

/** One execution as it runs: where it stands, what it waits for, its waves and their servers. */
export default function ExecutionPage() {
  const { executionId = '' } = useParams();
  const missing = (
    <EmptyState
      title={words.missingTitle}
      action={<InternalLink href={paths.executions()}>{words.all}</InternalLink>}
    >
      {words.missingText(executionId)}
    </EmptyState>
  );
  return (
    <LoadBoundary title={words.one} subject={executionId} missing={missing}>
      <LiveExecution key={executionId} executionId={executionId} />
    </LoadBoundary>
  );
}

function LiveExecution({ executionId }: { executionId: string }) {
  const { api } = useServices();
  const query = useSuspenseQuery(executionQuery(api, executionId));
  const [opened, setOpened] = useState<OpenedDialog | undefined>();
  const close = useCallback(() => {
    setOpened(undefined);
  }, []);
  const { dataUpdatedAt } = query;
  const { execution, offer } = useWholeTexts(query.data);
  return (
    <Page
      title={words.pageTitle(KIND[execution.kind], execution.recoveryPlanName)}
      description={<Banner execution={execution} />}
      help={help.execution}
      actions={<ExecutionActions execution={execution} onOpen={setOpened} />}
    >
      <SpaceBetween size="l">
        <Freshness query={query} />
        {offer}
        <VerdictPanel execution={execution} dataUpdatedAt={dataUpdatedAt} onOpen={setOpened} />
        {execution.warnings.map((warning) => (
          <Alert key={warning} type="warning">
            <SentenceText>{capitalised(withWaveNames(execution, warning))}</SentenceText>
          </Alert>
        ))}
        <CleanUpSection execution={execution} />
        <Waves
          waves={execution.waves}
          isKnown={execution.observation === 'CURRENT' || isEnded(execution.status)}
        />
        <DetailTabs execution={execution} dataUpdatedAt={dataUpdatedAt} />
        <Facts execution={execution} />
      </SpaceBetween>
      <Dialogs execution={execution} opened={opened} onClose={close} />
    </Page>
  );
}

/** What is real and what is not must be seen before anything else. */
function Banner({ execution }: { execution: Execution }) {
  const places = new Map(
    execution.waves
      .flatMap((wave) => wave.servers)
      .map(({ accountId, region }) => [
        `${accountId} ${region}`,
        words.where(accountId, regionText(region)),
      ]),
  );
  const where = [...places.values()].join('; ');
  return (
    <Badge color={execution.kind === 'RECOVERY' ? 'severity-critical' : 'blue'}>
      {words.banner[execution.kind](where)}
    </Badge>
  );
}
