import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Kind, RecoveryPlan } from '../../../api/types';
import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';
import type { StartWish, WishFaults } from './wish';

type Properties = {
  kind: Kind;
  plan: RecoveryPlan;
  outlook: Outlook;
  wish: StartWish;
  faults: WishFaults;
  onChange: (members: Partial<StartWish>) => void;
};

type TextMember = 'planName' | 'reason' | 'unverified' | 'outageDeclaredAt';

/** A recovery is started by somebody who means it: the plan's name, and a reason. */
export function ConfirmFields({ kind, plan, outlook, wish, faults, onChange }: Properties) {
  if (kind === 'DRILL') {
    return null;
  }
  const field = (name: TextMember, label: string, hint = '') => (
    <FormField stretch label={label} constraintText={hint} errorText={faults[name] ?? ''}>
      <Input
        value={wish[name]}
        autoComplete={false}
        onChange={({ detail }) => {
          onChange({ [name]: detail.value });
        }}
      />
    </FormField>
  );
  return (
    <SpaceBetween size="m">
      {outlook.unreadable.length > 0 && field('unverified', words.acknowledgeUnverified)}
      {field('outageDeclaredAt', `${words.outage} – ${words.optional}`, words.outageHint)}
      {field('reason', words.reason, words.reasonHint)}
      {field('planName', words.typeName(plan.name))}
    </SpaceBetween>
  );
}
