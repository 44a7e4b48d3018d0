import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Execution } from '../../../api/types';
import { InternalLink } from '../../../components/InternalLink';
import { RelativeTime } from '../../../components/RelativeTime';
import { EXECUTION_STATUS, isEnded } from '../../../text/status-words';
import { paths } from '../../../paths';
import { takeOver as words } from '../../../text/take-over';
import type { Outlook } from './outlook';
import { sharedCount, type TakeOver } from './take-over';
import type { StartWish, WishFaults } from './wish';

type Properties = {
  takeOver: TakeOver;
  outlook: Outlook;
  wish: StartWish;
  faults: WishFaults;
  onChange: (members: Partial<StartWish>) => void;
};

/** Whose place the recovery takes: that of drills, and of a recovery that ended too early. */
export function TakeOverFields(properties: Properties) {
  const { before, drills } = properties.takeOver;
  return (
    <>
      {before !== undefined && <Continuing {...properties} before={before} />}
      {drills.length > 0 && <Preempting {...properties} />}
    </>
  );
}

function Continuing({ before, outlook, wish, onChange }: Properties & { before: Execution }) {
  return (
    <FormField stretch label={words.continue}>
      <Checkbox
        checked={wish.continueFrom === before.executionId}
        description={words.continueText(outlook.continuable.length, outlook.serverCount)}
        onChange={({ detail }) => {
          onChange({ continueFrom: detail.checked ? before.executionId : '' });
        }}
      >
        {words.continueOne(EXECUTION_STATUS[before.status].label.toLowerCase())}{' '}
        <RelativeTime time={before.endedAt ?? before.createdAt} />
      </Checkbox>
      <InternalLink href={paths.execution(before.executionId)}>{words.look}</InternalLink>
    </FormField>
  );
}

function Preempting({ takeOver: { drills }, outlook, wish, faults, onChange }: Properties) {
  return (
    <SpaceBetween size="s">
      <Alert type="warning" header={words.drills(drills.length)}>
        {words.drillsText}
      </Alert>
      <FormField stretch label={words.giveWay}>
        {drills.map((drill) => (
          <Checkbox
            key={drill.executionId}
            checked={wish.preempted.includes(drill.executionId)}
            description={<DrillFacts drill={drill} outlook={outlook} />}
            onChange={({ detail }) => {
              const others = wish.preempted.filter((id) => id !== drill.executionId);
              onChange({ preempted: detail.checked ? [...others, drill.executionId] : others });
            }}
          >
            {words.giveWayOne(drill.recoveryPlanName)}
          </Checkbox>
        ))}
      </FormField>
      {wish.preempted.length > 0 && (
        <FormField stretch label={words.giveWayReason} errorText={faults.preemptReason ?? ''}>
          <Input
            value={wish.preemptReason}
            onChange={({ detail }) => {
              onChange({ preemptReason: detail.value });
            }}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function DrillFacts({ drill, outlook }: { drill: Execution; outlook: Outlook }) {
  const { label } = EXECUTION_STATUS[drill.status];
  const status = isEnded(drill.status) ? words.beingCleanedUp(label.toLowerCase()) : label;
  const shared = sharedCount(drill, outlook.sourceServerIds);
  return (
    <>
      {words.drillFacts(status, drill.initiatedBy, shared)}{' '}
      <RelativeTime time={drill.startedAt ?? drill.createdAt} />
    </>
  );
}
