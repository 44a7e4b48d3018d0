import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useQuery } from '@tanstack/react-query';

import { plainSentence } from '../../api/error';
import type { ProtectionGroup } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { CopyableId } from '../../components/CopyableId';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { regionText } from '../../text/region';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { paths } from '../../paths';
import { plansQuery } from '../../queries/plans';
import { useServices } from '../../services';
import { common } from '../../text/common';
import { groups as words } from '../../text/groups';

export function GroupFacts({ group }: { group: ProtectionGroup }) {
  const { drillIsolation } = group;
  return (
    <Container header={<Header variant="h2">{words.details}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: words.columns.region, value: regionText(group.region) },
          { label: words.columns.account, value: group.accountId },
          { label: words.columns.servers, value: group.sourceServerIds.length },
          {
            label: words.columns.isolation,
            value:
              drillIsolation === null ? (
                <>
                  <Status sign={{ type: 'warning', label: words.notIsolated }} />
                  <div>{words.notIsolatedText}</div>
                </>
              ) : (
                <>
                  <div>
                    <ClampedText>{drillIsolation.statement}</ClampedText>
                  </div>
                  <small>
                    {words.confirmedBy(drillIsolation.confirmedBy)}{' '}
                    <RelativeTime time={drillIsolation.confirmedAt} />
                  </small>
                </>
              ),
          },
          { label: words.usedBy, value: <UsedBy protectionGroupId={group.protectionGroupId} /> },
          { label: words.columns.changed, value: <RelativeTime time={group.updatedAt} /> },
          { label: words.id, value: <CopyableId id={group.protectionGroupId} /> },
        ]}
      />
    </Container>
  );
}

/** The plans that stand in the way of deleting the group. */
function UsedBy({ protectionGroupId }: { protectionGroupId: string }) {
  const { api } = useServices();
  const { data, error } = useQuery(plansQuery(api));
  if (data === undefined) {
    return error === null ? common.loading : plainSentence(error);
  }
  const plans = data.filter((plan) =>
    plan.waves.some((wave) => wave.protectionGroupIds.includes(protectionGroupId)),
  );
  if (plans.length === 0) {
    return words.usedByNone;
  }
  return plans.map((plan) => (
    <div key={plan.recoveryPlanId}>
      <InternalLink href={paths.plan(plan.recoveryPlanId)}>
        <OutsideText>{plan.name}</OutsideText>
      </InternalLink>
    </div>
  ));
}
