import Autosuggest from '@cloudscape-design/components/autosuggest';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';

import { faultText, type Fault } from '../../api/faults';
import { regionOptions } from '../../text/region';
import { groups as words } from '../../text/groups';
import type { GroupDraft } from './draft';

type Properties = {
  draft: GroupDraft;
  isExisting: boolean;
  faults: readonly Fault[];
  onChange: (members: Partial<GroupDraft>) => void;
};

export function GroupDetailsFields({ draft, isExisting, faults, onChange }: Properties) {
  return (
    <Container header={<Header variant="h2">{words.details}</Header>}>
      <SpaceBetween size="l">
        <FormField
          label={words.columns.name}
          constraintText={words.nameHint}
          errorText={faultText(faults, 'name')}
        >
          <Input
            value={draft.name}
            onChange={({ detail }) => {
              onChange({ name: detail.value });
            }}
          />
        </FormField>
        <FormField
          label={optional(words.columns.description)}
          errorText={faultText(faults, 'description')}
        >
          <Input
            value={draft.description}
            onChange={({ detail }) => {
              onChange({ description: detail.value });
            }}
          />
        </FormField>
        <PlaceFields draft={draft} isExisting={isExisting} faults={faults} onChange={onChange} />
        <FormField
          stretch
          label={optional(words.isolationLabel)}
          description={words.isolationHint}
          constraintText={words.isolationExample}
          errorText={faultText(faults, 'drillIsolation')}
        >
          <Textarea
            rows={3}
            value={draft.isolation}
            onChange={({ detail }) => {
              onChange({ isolation: detail.value });
            }}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

/** Another place has other servers: those chosen before are not taken along. */
function PlaceFields({ draft, isExisting, faults, onChange }: Properties) {
  return (
    <ColumnLayout columns={2}>
      <FormField
        label={words.columns.region}
        description={isExisting ? words.regionEdit : words.regionHint}
        errorText={faultText(faults, 'region')}
      >
        <Autosuggest
          value={draft.region}
          options={regionOptions}
          readOnly={isExisting}
          enteredTextLabel={(value) => value}
          onChange={({ detail }) => {
            onChange({ region: detail.value.trim(), sourceServerIds: [] });
          }}
        />
      </FormField>
      <FormField
        label={isExisting ? words.columns.account : optional(words.columns.account)}
        description={isExisting ? '' : words.accountHint}
        errorText={faultText(faults, 'accountId')}
      >
        <Input
          inputMode="numeric"
          value={draft.accountId}
          readOnly={isExisting}
          onChange={({ detail }) => {
            onChange({ accountId: detail.value, sourceServerIds: [] });
          }}
        />
      </FormField>
    </ColumnLayout>
  );
}

function optional(label: string) {
  return (
    <>
      {label} – <i>{words.optional}</i>
    </>
  );
}
