import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { ProtectionGroup } from '../../../api/types';
import { serverText } from '../../../lib/server-name';
import { shown } from '../../../lib/shown';
import { common } from '../../../text/common';
import { wizard as words } from '../../../text/plans';
import { membersOf } from '../members';
import { useHostnames } from '../servers';
import type { WaveDraft } from './draft';

type Properties = {
  wave: WaveDraft;
  groups: readonly ProtectionGroup[];
  fault: string;
  onChange: (sourceServerIds: readonly string[] | null) => void;
};

/** All servers of the groups, or some; each group's servers are looked up in its own Region. */
export function ServersField({ wave, groups, fault, onChange }: Properties) {
  const members = membersOf(
    { protectionGroupIds: [...wave.protectionGroupIds], sourceServerIds: null },
    groups,
  );
  const chosen = wave.sourceServerIds;
  return (
    <FormField label={words.serversOf} errorText={chosen === null ? fault : ''}>
      <SpaceBetween size="s">
        <RadioGroup
          ariaLabel={words.fieldOf(words.serversOf, wave.name)}
          value={chosen === null ? 'ALL' : 'SOME'}
          items={[
            { value: 'ALL', label: words.allServers(members.length) },
            { value: 'SOME', label: words.someServers },
          ]}
          onChange={({ detail }) => {
            const all = members.map(({ sourceServerId }) => sourceServerId);
            onChange(detail.value === 'ALL' ? null : all);
          }}
        />
        {chosen !== null && (
          <SomeServers members={members} chosen={chosen} fault={fault} onChange={onChange} />
        )}
      </SpaceBetween>
    </FormField>
  );
}

type SomeProperties = {
  members: ReturnType<typeof membersOf>;
  chosen: readonly string[];
  fault: string;
  onChange: (sourceServerIds: readonly string[]) => void;
};

/** What was chosen of a group that is no longer in the wave stays visible until it is removed. */
function SomeServers({ members, chosen, fault, onChange }: SomeProperties) {
  const hostnames = useHostnames(members.map(({ group }) => group));
  const options = members.map(({ sourceServerId, group }) => ({
    value: sourceServerId,
    label: serverText({ sourceServerId, hostname: hostnames.get(sourceServerId) }),
    description: shown(group.name),
  }));
  const known = new Set(options.map(({ value }) => value));
  const isChosen = new Set(chosen);
  const gone = chosen
    .filter((id) => !known.has(id))
    .map((id) => ({ value: id, label: id, description: common.unknown }));
  return (
    <FormField errorText={fault}>
      <Multiselect
        ariaLabel={words.chooseServers}
        placeholder={words.chooseServers}
        filteringType="auto"
        filteringAriaLabel={words.chooseServers}
        enableSelectAll
        tokenLimit={5}
        virtualScroll
        options={options}
        selectedOptions={[...options.filter(({ value }) => isChosen.has(value)), ...gone]}
        onChange={({ detail }) => {
          onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []));
        }}
      />
    </FormField>
  );
}
