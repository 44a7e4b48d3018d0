import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { faultText } from '../../../api/faults';
import { WaveGraph } from '../../../components/WaveGraph';
import { shown } from '../../../lib/shown';
import { plans, wizard as words } from '../../../text/plans';
import type { WaveDraft } from './draft';
import { graphOfDraft } from './draft-graph';
import { wavePath, withWave, type StepProperties } from './fields';
import { WaveHeading } from './WaveHeading';

/** What each wave waits for, drawn as it is chosen. */
export function OrderStep({ draft, groups, faults, onChange }: StepProperties) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{plans.graph}</Header>}>
        <WaveGraph waves={graphOfDraft(draft, groups)} />
      </Container>
      {draft.waves.map((wave, index) => (
        <Container key={wave.id} header={<WaveHeading name={wave.name} />}>
          <SpaceBetween size="m">
            <DependsOn
              wave={wave}
              waves={draft.waves}
              fault={faultText(faults, wavePath(index, 'dependsOn'))}
              onChange={(dependsOn) => {
                onChange(withWave(draft, wave.id, { dependsOn }));
              }}
            />
            <FormField errorText={faultText(faults, wavePath(index, 'pauseBefore'))}>
              <Checkbox
                checked={wave.pauseBefore}
                ariaLabel={words.fieldOf(words.gate, wave.name)}
                onChange={({ detail }) => {
                  onChange(withWave(draft, wave.id, { pauseBefore: detail.checked }));
                }}
              >
                {words.gate}
              </Checkbox>
            </FormField>
          </SpaceBetween>
        </Container>
      ))}
    </SpaceBetween>
  );
}

type DependsOnProperties = {
  wave: WaveDraft;
  waves: readonly WaveDraft[];
  fault: string;
  onChange: (dependsOn: readonly string[]) => void;
};

function DependsOn({ wave, waves, fault, onChange }: DependsOnProperties) {
  const options = waves
    .filter((other) => other.id !== wave.id)
    .map((other) => ({ value: other.id, label: shown(other.name) }));
  return (
    <FormField label={words.dependsOn} errorText={fault}>
      <Multiselect
        ariaLabel={words.fieldOf(words.dependsOn, wave.name)}
        placeholder={words.nothing}
        options={options}
        selectedOptions={options.filter(({ value }) => wave.dependsOn.includes(value))}
        onChange={({ detail }) => {
          onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []));
        }}
      />
    </FormField>
  );
}
