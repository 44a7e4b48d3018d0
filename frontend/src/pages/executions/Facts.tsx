import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { memo } from 'react';

import type { Execution } from '../../api/types';
import { ClampedText } from '../../components/ClampedText';
import { CopyableId } from '../../components/CopyableId';
import { InternalLink } from '../../components/InternalLink';
import { OutsideText } from '../../components/OutsideText';
import { RelativeTime } from '../../components/RelativeTime';
import { Status } from '../../components/Status';
import { CLEAN_UP_STATUS, EXECUTION_STATUS } from '../../text/status-words';
import { useNow } from '../../lib/now';
import { duration } from '../../lib/time';
import { paths } from '../../paths';
import { common } from '../../text/common';
import { page as words } from '../../text/executions';
import { takeOver } from '../../text/take-over';
import { hasLaunched } from './instances';

/** The facts about an execution as a whole. */
export const Facts = memo(function Facts({ execution }: { execution: Execution }) {
  const servers = execution.waves.flatMap((wave) => wave.servers);
  const { fact } = words;
  return (
    <ExpandableSection
      variant="container"
      defaultExpanded
      headingTagOverride="h2"
      headerText={words.facts}
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: fact.status, value: <Status sign={EXECUTION_STATUS[execution.status]} /> },
          {
            label: fact.servers,
            value: words.launched(servers.filter(hasLaunched).length, servers.length),
          },
          { label: fact.started, value: <Time time={execution.startedAt} /> },
          { label: fact.ended, value: <Time time={execution.endedAt} /> },
          { label: fact.duration, value: <Length execution={execution} /> },
          { label: fact.by, value: <OutsideText>{execution.initiatedBy}</OutsideText> },
          { label: fact.reason, value: <ClampedText>{execution.reason ?? common.none}</ClampedText> },
          {
            label: fact.outage,
            value:
              execution.outageDeclaredAt === null ? (
                common.none
              ) : (
                <RelativeTime time={execution.outageDeclaredAt} />
              ),
          },
          {
            label: fact.plan,
            value: (
              <>
                <InternalLink href={paths.plan(execution.recoveryPlanId)}>
                  <OutsideText>{execution.recoveryPlanName}</OutsideText>
                </InternalLink>
                , {words.versionOf(execution.planVersion)}
              </>
            ),
          },
          ...(execution.continuesFrom === null
            ? []
            : [
                {
                  label: takeOver.continuesFact,
                  value: (
                    <InternalLink href={paths.execution(execution.continuesFrom)}>
                      {takeOver.earlier}
                    </InternalLink>
                  ),
                },
              ]),
          ...(execution.continuedBy === null
            ? []
            : [
                {
                  label: takeOver.continuedByFact,
                  value: (
                    <InternalLink href={paths.execution(execution.continuedBy)}>
                      {takeOver.later}
                    </InternalLink>
                  ),
                },
              ]),
          {
            label: fact.cleanUp,
            value: <Status sign={CLEAN_UP_STATUS[execution.cleanUp.status]} />,
          },
          { label: fact.id, value: <CopyableId id={execution.executionId} /> },
        ]}
      />
    </ExpandableSection>
  );
});

function Time({ time }: { time: string | null }) {
  return time === null ? words.notYet : <RelativeTime time={time} />;
}

/** Until its end, or until now. */
function Length({ execution: { startedAt, endedAt } }: { execution: Execution }) {
  const now = useNow();
  const end = endedAt === null ? now : Date.parse(endedAt);
  return startedAt === null ? common.none : duration(end - Date.parse(startedAt));
}
