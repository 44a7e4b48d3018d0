import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';

import { LoadBoundary } from '../../components/LoadBoundary';
import { Page } from '../../components/Page';
import { groupsQuery } from '../../queries/groups';
import { planQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { plans as words } from '../../text/plans';
import { help } from '../../text/shell';
import { MissingPlan } from './MissingPlan';
import { PlanWizard } from './wizard/PlanWizard';

/** Making a plan, or changing one. */
export default function PlanFormPage() {
  const { recoveryPlanId } = useParams();
  if (recoveryPlanId === undefined) {
    return (
      <LoadBoundary title={words.create} subject="">
        <NewPlan />
      </LoadBoundary>
    );
  }
  return (
    <LoadBoundary
      title={words.one}
      subject={recoveryPlanId}
      missing={<MissingPlan id={recoveryPlanId} />}
    >
      <EditPlan key={recoveryPlanId} recoveryPlanId={recoveryPlanId} />
    </LoadBoundary>
  );
}

function NewPlan() {
  const { api } = useServices();
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  return (
    <Page title={words.create} help={help.wizard}>
      <PlanWizard existing={undefined} groups={groups} onReload={() => undefined} />
    </Page>
  );
}

/** The wizard keeps the plan as it was read: what others change meanwhile is refused, not lost. */
function EditPlan({ recoveryPlanId }: { recoveryPlanId: string }) {
  const { api } = useServices();
  const { data, refetch } = useSuspenseQuery(planQuery(api, recoveryPlanId));
  const { data: groups } = useSuspenseQuery(groupsQuery(api));
  const [read, setRead] = useState({ plan: data, times: 0 });
  const reload = async () => {
    const { data: fresh } = await refetch();
    if (fresh !== undefined) {
      setRead(({ times }) => ({ plan: fresh, times: times + 1 }));
    }
  };
  return (
    <Page title={words.editTitle(read.plan.name)} help={help.wizard}>
      <PlanWizard
        key={read.times}
        existing={read.plan}
        groups={groups}
        onReload={() => void reload()}
      />
    </Page>
  );
}
