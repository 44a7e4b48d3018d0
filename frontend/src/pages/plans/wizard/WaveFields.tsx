import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Fault } from '../../../api/error';
import type { ProtectionGroup } from '../../../api/types';
import { faultText } from '../../../api/faults';
import { OutsideText } from '../../../components/OutsideText';
import { regionText } from '../../../text/region';
import { plural } from '../../../lib/plural';
import { shown } from '../../../lib/shown';
import { common } from '../../../text/common';
import { wizard as words } from '../../../text/plans';
import type { WaveDraft } from './draft';
import { wavePath } from './fields';
import { ServersField } from './ServersField';

type Properties = {
  wave: WaveDraft;
  index: number;
  count: number;
  groups: readonly ProtectionGroup[];
  faults: readonly Fault[];
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
  onName: (name: string) => void;
  onChange: (members: Partial<WaveDraft>) => void;
};

export function WaveFields(properties: Properties) {
  const { wave, index, faults, onName, onChange } = properties;
  const faultAt = (member: string) => faultText(faults, wavePath(index, member));
  return (
    <Container header={<WaveHeader {...properties} />}>
      <SpaceBetween size="l">
        <ColumnLayout columns={2}>
          <FormField label={words.waveName} errorText={faultAt('name')}>
            <Input
              value={wave.name}
              onChange={({ detail }) => {
                onName(detail.value);
              }}
            />
          </FormField>
          <FormField
            label={words.waveKey}
            constraintText={words.keyHint}
            errorText={faultAt('key')}
          >
            <Input
              value={wave.key}
              onChange={({ detail }) => {
                onChange({ key: detail.value, isKeyOwn: true });
              }}
            />
          </FormField>
        </ColumnLayout>
        <GroupsField {...properties} fault={faultAt('protectionGroupIds')} />
        <ServersField
          wave={wave}
          groups={properties.groups}
          fault={faultAt('sourceServerIds')}
          onChange={(sourceServerIds) => {
            onChange({ sourceServerIds });
          }}
        />
      </SpaceBetween>
    </Container>
  );
}

function WaveHeader({ wave, index, count, onMove, onRemove }: Properties) {
  return (
    <Header
      variant="h2"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            iconName="arrow-up"
            variant="icon"
            ariaLabel={words.moveUp(wave.name)}
            disabled={index === 0}
            onClick={() => {
              onMove(-1);
            }}
          />
          <Button
            iconName="arrow-down"
            variant="icon"
            ariaLabel={words.moveDown(wave.name)}
            disabled={index === count - 1}
            onClick={() => {
              onMove(1);
            }}
          />
          <Button
            iconName="remove"
            variant="icon"
            ariaLabel={words.removeWave(wave.name)}
            disabled={count === 1}
            onClick={onRemove}
          />
        </SpaceBetween>
      }
    >
      <OutsideText>{wave.name === '' ? words.newWave(index + 1) : wave.name}</OutsideText>
    </Header>
  );
}

function GroupsField({ wave, groups, fault, onChange }: Properties & { fault: string }) {
  const options = groups.map((group) => ({
    value: group.protectionGroupId,
    label: shown(group.name),
    description: `${plural(group.sourceServerIds.length, 'server')}, ${regionText(group.region)}`,
  }));
  const known = options.filter(({ value }) => wave.protectionGroupIds.includes(value));
  const gone = wave.protectionGroupIds
    .filter((id) => !options.some(({ value }) => value === id))
    .map((id) => ({ value: id, label: id, description: common.unknown }));
  return (
    <FormField label={words.groups} errorText={fault}>
      <Multiselect
        placeholder={words.chooseGroups}
        filteringType="auto"
        filteringAriaLabel={words.groups}
        options={options}
        selectedOptions={[...known, ...gone]}
        deselectAriaLabel={(option) => words.removeWave(option.label ?? '')}
        onChange={({ detail }) => {
          onChange({
            protectionGroupIds: detail.selectedOptions.flatMap(({ value }) => value ?? []),
          });
        }}
      />
    </FormField>
  );
}
