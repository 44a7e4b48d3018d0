import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import LiveRegion from '@cloudscape-design/components/live-region';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { faultText } from '../../../api/faults';
import { wizard as words } from '../../../text/plans';
import { moved, newWave, renamed, without } from './draft';
import { withWave, type StepProperties } from './fields';
import { WaveFields } from './WaveFields';

/** The waves with their servers; buttons move them, so that it goes without a mouse too. */
export function WavesStep({ draft, groups, faults, onChange }: StepProperties) {
  const [said, setSaid] = useState('');
  const { waves } = draft;
  const move = (id: string, by: 1 | -1) => {
    const next = moved(waves, id, by);
    const place = next.findIndex((wave) => wave.id === id);
    setSaid(words.moved(next[place]?.name ?? '', place + 1, next.length));
    onChange({ ...draft, waves: next });
  };
  const planFault = faults
    .filter((fault) => fault.path === 'waves')
    .map((fault) => faultText([fault], 'waves'))
    .join(' ');
  return (
    <SpaceBetween size="l">
      <LiveRegion hidden>{said}</LiveRegion>
      {planFault !== '' && <Alert type="error">{planFault}</Alert>}
      {groups.length === 0 && <Alert type="warning">{words.noGroups}</Alert>}
      {waves.map((wave, index) => (
        <WaveFields
          key={wave.id}
          wave={wave}
          index={index}
          count={waves.length}
          groups={groups}
          faults={faults}
          onMove={(by) => {
            move(wave.id, by);
          }}
          onRemove={() => {
            onChange({ ...draft, waves: without(waves, wave.id) });
          }}
          onName={(name) => {
            onChange(withWave(draft, wave.id, renamed(wave, name)));
          }}
          onChange={(members) => {
            onChange(withWave(draft, wave.id, members));
          }}
        />
      ))}
      <Button
        iconName="add-plus"
        onClick={() => {
          onChange({ ...draft, waves: [...waves, newWave(waves)] });
        }}
      >
        {words.addWave}
      </Button>
    </SpaceBetween>
  );
}
