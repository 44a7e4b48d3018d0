/** What every step of the wizard gets. */
import type { Fault } from '../../../api/error';
import type { ProtectionGroup } from '../../../api/types';
import type { PlanDraft, WaveDraft } from './draft';

export type StepProperties = {
  draft: PlanDraft;
  groups: readonly ProtectionGroup[];
  faults: readonly Fault[];
  onChange: (draft: PlanDraft) => void;
};

/** The draft with other members for one wave. */
export function withWave(draft: PlanDraft, id: string, members: Partial<WaveDraft>): PlanDraft {
  return {
    ...draft,
    waves: draft.waves.map((wave) => (wave.id === id ? { ...wave, ...members } : wave)),
  };
}

export function wavePath(index: number, member: string): string {
  return `waves[${index.toString()}].${member}`;
}
