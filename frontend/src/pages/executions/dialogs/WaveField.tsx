import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';

import type { Wave } from '../../../api/types';
import { WAVE_STATUS } from '../../../text/status-words';
import { shown } from '../../../lib/shown';

type Properties = {
  label: string;
  waves: readonly Wave[];
  waveKey: string | undefined;
  onChange: (waveKey: string | undefined) => void;
};

/** Which of these waves is meant. */
export function WaveField({ label, waves, waveKey, onChange }: Properties) {
  const options = waves.map((wave) => ({
    value: wave.key,
    label: shown(wave.name),
    description: WAVE_STATUS[wave.status].label,
  }));
  return (
    <FormField stretch label={label}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === waveKey) ?? null}
        onChange={({ detail }) => {
          onChange(detail.selectedOption.value);
        }}
      />
    </FormField>
  );
}
