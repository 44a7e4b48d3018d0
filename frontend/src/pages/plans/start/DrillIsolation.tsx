import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { ClampedText } from '../../../components/ClampedText';
import { OutsideText } from '../../../components/OutsideText';
import { ShortList } from '../../../components/ShortList';
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
          <ShortList
            items={isolated}
            keyOf={({ protectionGroupId }) => protectionGroupId}
            render={({ name, drillIsolation }) => (
              <>
                <OutsideText>{name}</OutsideText>:{' '}
                <ClampedText>{drillIsolation?.statement ?? ''}</ClampedText>
              </>
            )}
          />
        )}
      </div>
      {notIsolated.length > 0 && (
        <SpaceBetween size="s">
          <Alert type="warning">
            {words.notIsolated(notIsolated.length)}
            <ShortList
              items={notIsolated}
              keyOf={({ protectionGroupId }) => protectionGroupId}
              render={({ name }) => <OutsideText>{name}</OutsideText>}
            />
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
