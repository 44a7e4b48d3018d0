import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';
import type { StartWish, WishFaults } from './wish';

type Properties = {
  outlook: Outlook;
  wish: StartWish;
  faults: WishFaults;
  onChange: (members: Partial<StartWish>) => void;
};

/** What keeps the drill away from production: people's words, not this product's doing. */
export function DrillIsolation({ outlook, wish, faults, onChange }: Properties) {
  const { isolated, notIsolated } = outlook;
  return (
    <SpaceBetween size="s">
      <div>
        <Box variant="h3" padding="n">
          {words.isolation}
        </Box>
        {words.isolationText}
        {isolated.length > 0 && (
          <ul>
            {isolated.map((group) => (
              <li key={group.protectionGroupId}>
                {words.isolatedBy(group.name, group.drillIsolation?.statement ?? '')}
              </li>
            ))}
          </ul>
        )}
      </div>
      {notIsolated.length > 0 && (
        <SpaceBetween size="s">
          <Alert type="warning">
            {words.notIsolated(notIsolated.map((group) => group.name).join(', '))}
          </Alert>
          <FormField
            stretch
            label={words.acknowledgeIsolation}
            constraintText={words.reasonHint}
            errorText={faults.notIsolated ?? ''}
          >
            <Input
              value={wish.notIsolated}
              onChange={({ detail }) => {
                onChange({ notIsolated: detail.value });
              }}
            />
          </FormField>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
