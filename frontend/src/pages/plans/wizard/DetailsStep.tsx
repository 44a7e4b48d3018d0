import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';

import { faultText } from '../../../api/faults';
import { groups } from '../../../text/groups';
import { plans, wizard as words } from '../../../text/plans';
import type { StepProperties } from './fields';

export function DetailsStep({ draft, faults, onChange }: StepProperties) {
  return (
    <Container>
      <SpaceBetween size="l">
        <FormField
          label={plans.columns.name}
          constraintText={words.nameHint}
          errorText={faultText(faults, 'name')}
        >
          <Input
            value={draft.name}
            onChange={({ detail }) => {
              onChange({ ...draft, name: detail.value });
            }}
          />
        </FormField>
        <FormField
          label={
            <>
              {plans.columns.description} – <i>{groups.optional}</i>
            </>
          }
          errorText={faultText(faults, 'description')}
        >
          <Textarea
            rows={2}
            value={draft.description}
            onChange={({ detail }) => {
              onChange({ ...draft, description: detail.value });
            }}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
