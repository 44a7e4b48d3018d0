import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useQuery } from '@tanstack/react-query';

import type { ProtectionGroup, RecoveryPlan } from '../../api/types';
import { CopyableId } from '../../components/CopyableId';
import { regionText } from '../../text/region';
import { RelativeTime } from '../../components/RelativeTime';
import { planStatisticsQuery } from '../../queries/statistics';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { groups as groupWords } from '../../text/groups';
import { plans as words } from '../../text/plans';
import { Last, rowOf } from './table';

/** The facts about a plan. */
export function PlanFacts({
  plan,
  groups,
}: {
  plan: RecoveryPlan;
  groups: readonly ProtectionGroup[];
}) {
  const { api } = useServices();
  const row = rowOf(plan, groups, useQuery(planStatisticsQuery(api)));
  const ids = new Set(plan.waves.flatMap((wave) => wave.protectionGroupIds));
  const regions = new Set(
    groups.filter((group) => ids.has(group.protectionGroupId)).map((group) => group.region),
  );
  return (
    <Container header={<Header variant="h2">{words.details}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: words.columns.waves, value: row.waveCount },
          { label: words.columns.servers, value: row.serverCount },
          { label: words.columns.gates, value: row.gateCount },
          {
            label: groupWords.columns.region,
            value: regions.size === 0 ? common.none : [...regions].map(regionText).join(', '),
          },
          { label: words.columns.lastDrill, value: <Last row={row} name="lastDrill" /> },
          { label: words.lastCompletedDrill, value: <Last row={row} name="lastCompletedDrill" /> },
          { label: words.columns.lastRecovery, value: <Last row={row} name="lastRecovery" /> },
          { label: words.columns.changed, value: <RelativeTime time={plan.updatedAt} /> },
          { label: words.version, value: plan.version },
          { label: words.id, value: <CopyableId id={plan.recoveryPlanId} /> },
        ]}
      />
    </Container>
  );
}
