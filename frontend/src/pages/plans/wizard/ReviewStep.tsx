import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';

import type { ProtectionGroup } from '../../../api/types';
import { OutsideText } from '../../../components/OutsideText';
import { WaveGraph } from '../../../components/WaveGraph';
import { common } from '../../../text/common';
import { plans } from '../../../text/plans';
import { PlannedWaves } from '../PlannedWaves';
import { needOf, type PlanDraft } from './draft';
import { graphOfDraft } from './draft-graph';

/** Everything that will be saved. */
export function ReviewStep({
  draft,
  groups,
}: {
  draft: PlanDraft;
  groups: readonly ProtectionGroup[];
}) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{plans.details}</Header>}>
        <KeyValuePairs
          columns={2}
          items={[
            { label: plans.columns.name, value: <OutsideText>{orNone(draft.name)}</OutsideText> },
            { label: plans.columns.description, value: <OutsideText>{orNone(draft.description)}</OutsideText> },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{plans.graph}</Header>}>
        <WaveGraph waves={graphOfDraft(draft, groups)} />
      </Container>
      <PlannedWaves
        groups={groups}
        waves={draft.waves.map((wave) => ({
          key: wave.key,
          name: wave.name,
          protectionGroupIds: [...wave.protectionGroupIds],
          sourceServerIds: wave.sourceServerIds === null ? null : [...wave.sourceServerIds],
          dependsOn: wave.dependsOn.flatMap(
            (id) => draft.waves.find((other) => other.id === id)?.key ?? [],
          ),
          pauseBefore: wave.pauseBefore,
          need: needOf(wave),
          onFailure: wave.onFailure === '' ? null : wave.onFailure,
          timeLimitMinutes: Number(wave.timeLimit),
        }))}
      />
    </SpaceBetween>
  );
}

function orNone(text: string): string {
  return text.trim() === '' ? common.none : text;
}
