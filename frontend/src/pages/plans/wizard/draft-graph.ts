/** The picture of a plan as it is edited. */
import type { ProtectionGroup } from '../../../api/types';
import type { GraphWave } from '../../../components/WaveGraph';
import { plural } from '../../../lib/plural';
import { membersOf } from '../members';
import type { PlanDraft } from './draft';

export function graphOfDraft(draft: PlanDraft, groups: readonly ProtectionGroup[]): GraphWave[] {
  return draft.waves.map((wave) => {
    const members = membersOf(
      {
        protectionGroupIds: [...wave.protectionGroupIds],
        sourceServerIds: wave.sourceServerIds === null ? null : [...wave.sourceServerIds],
      },
      groups,
    );
    return {
      key: wave.id,
      name: wave.name,
      dependsOn: wave.dependsOn,
      hasGate: wave.pauseBefore,
      detail: plural(members.length, 'server'),
    };
  });
}
