import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { Fault } from '../../../api/error';
import { faultText } from '../../../api/faults';
import { plans, wizard as words } from '../../../text/plans';
import type { WaveDraft } from './draft';
import { wavePath, withWave, type StepProperties } from './fields';
import { WaveHeading } from './WaveHeading';

const NEEDS = [
  { value: 'ALL', label: words.needAll },
  { value: 'COUNT', label: words.needCount },
  { value: 'PERCENT', label: words.needPercent },
] as const;

const FAILURES = [
  { value: '', label: plans.failureDefault },
  ...(['STOP', 'PAUSE', 'CONTINUE'] as const).map((value) => ({
    value,
    label: plans.failure[value],
    description: plans.failureDescription[value],
  })),
] as const;

/** When each wave is a success, and what happens when it is not. */
export function PoliciesStep({ draft, faults, onChange }: StepProperties) {
  return (
    <SpaceBetween size="l">
      {draft.waves.map((wave, index) => (
        <Container key={wave.id} header={<WaveHeading name={wave.name} />}>
          <WavePolicy
            wave={wave}
            index={index}
            faults={faults}
            onChange={(members) => {
              onChange(withWave(draft, wave.id, members));
            }}
          />
        </Container>
      ))}
    </SpaceBetween>
  );
}

type Properties = {
  wave: WaveDraft;
  index: number;
  faults: readonly Fault[];
  onChange: (members: Partial<WaveDraft>) => void;
};

function WavePolicy({ wave, index, faults, onChange }: Properties) {
  const faultAt = (member: string) => faultText(faults, wavePath(index, member));
  return (
    <ColumnLayout columns={3}>
      <SpaceBetween size="s">
        <FormField label={words.need} errorText={wave.needType === 'ALL' ? faultAt('need') : ''}>
          <Select
            ariaLabel={words.fieldOf(words.need, wave.name)}
            options={NEEDS}
            selectedOption={NEEDS.find(({ value }) => value === wave.needType) ?? NEEDS[0]}
            onChange={({ detail }) => {
              const next = NEEDS.find(({ value }) => value === detail.selectedOption.value);
              onChange({ needType: next?.value ?? 'ALL' });
            }}
          />
        </FormField>
        {wave.needType !== 'ALL' && (
          <FormField
            label={wave.needType === 'COUNT' ? words.count : words.percent}
            errorText={faultAt('need')}
          >
            <Input
              inputMode="numeric"
              value={wave.needNumber}
              onChange={({ detail }) => {
                onChange({ needNumber: detail.value });
              }}
            />
          </FormField>
        )}
      </SpaceBetween>
      <FormField label={words.onFailure} errorText={faultAt('onFailure')}>
        <Select
          ariaLabel={words.fieldOf(words.onFailure, wave.name)}
          options={FAILURES}
          selectedOption={FAILURES.find(({ value }) => value === wave.onFailure) ?? FAILURES[0]}
          onChange={({ detail }) => {
            const next = FAILURES.find(({ value }) => value === detail.selectedOption.value);
            onChange({ onFailure: next?.value ?? '' });
          }}
        />
      </FormField>
      <FormField
        label={words.limit}
        constraintText={words.limitHint}
        errorText={faultAt('timeLimitMinutes')}
      >
        <Input
          inputMode="numeric"
          ariaLabel={words.fieldOf(words.limit, wave.name)}
          value={wave.timeLimit}
          onChange={({ detail }) => {
            onChange({ timeLimit: detail.value });
          }}
        />
      </FormField>
    </ColumnLayout>
  );
}
