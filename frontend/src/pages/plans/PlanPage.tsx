import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';

import { ClampedText } from '../../components/ClampedText';
import { Freshness } from '../../components/Freshness';
import { LoadBoundary } from '../../components/LoadBoundary';
import { WaveGraph } from '../../components/WaveGraph';
import { Page } from '../../components/Page';
import { plural } from '../../lib/plural';
import { paths } from '../../paths';
import { groupsQuery } from '../../queries/groups';
import { planQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { plans as words } from '../../text/plans';
import { help } from '../../text/shell';
import { DeletePlanDialog } from './DeletePlanDialog';
import { membersOf } from './members';
import { MissingPlan } from './MissingPlan';
import { PlanActions, type PlanAction } from './PlanActions';
import { PlanFacts } from './PlanFacts';
import { PlannedWaves } from './PlannedWaves';
import { PlanRuns } from './PlanRuns';
import { StartDialog } from './start/StartDialog';

/** One plan: its graph, its waves, how it last ran, and the way to run it. */
export default function PlanPage() {
  const { recoveryPlanId = '' } = useParams();
  return (
    <LoadBoundary
      title={words.one}
      subject={recoveryPlanId}
      missing={<MissingPlan id={recoveryPlanId} />}
    >
      <Plan key={recoveryPlanId} recoveryPlanId={recoveryPlanId} />
    </LoadBoundary>
  );
}

function Plan({ recoveryPlanId }: { recoveryPlanId: string }) {
  const { api } = useServices();
  const navigate = useNavigate();
  const query = useSuspenseQuery(planQuery(api, recoveryPlanId));
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  const [search, setSearch] = useSearchParams();
  const continueFrom = search.get('continueFrom') ?? undefined;
  const [action, setAction] = useState<PlanAction | undefined>(
    continueFrom === undefined ? undefined : 'RECOVERY',
  );
  const plan = query.data;
  const waves = useMemo(
    () =>
      plan.waves.map((wave) => ({
        ...wave,
        hasGate: wave.pauseBefore,
        detail: plural(membersOf(wave, groups).length, 'server'),
      })),
    [plan, groups],
  );
  const close = () => {
    setAction(undefined);
    setSearch({}, { replace: true });
  };
  return (
    <Page
      title={plan.name}
      description={<ClampedText>{plan.description}</ClampedText>}
      help={help.plan}
      actions={<PlanActions plan={plan} onAction={setAction} />}
    >
      <SpaceBetween size="l">
        <Freshness query={query} />
        <PlanFacts plan={plan} groups={groups} />
        <Container header={<Header variant="h2">{words.graph}</Header>}>
          <WaveGraph waves={waves} />
        </Container>
        <PlannedWaves waves={plan.waves} groups={groups} />
        <PlanRuns recoveryPlanId={recoveryPlanId} />
      </SpaceBetween>
      {action === 'DELETE' && (
        <DeletePlanDialog
          plan={plan}
          onClose={close}
          onDeleted={() => void navigate(paths.plans())}
        />
      )}
      {(action === 'DRILL' || action === 'RECOVERY') && (
        <StartDialog
          kind={action}
          plan={plan}
          groups={groups}
          continueFrom={action === 'RECOVERY' ? continueFrom : undefined}
          onClose={close}
        />
      )}
    </Page>
  );
}
