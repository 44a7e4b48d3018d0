/** A plan as it is edited, and the request that it makes. Waves are known by an id of the draft. */
import type {
  Need,
  OnFailure,
  PlannedWave,
  RecoveryPlan,
  RecoveryPlanRequest,
  WaveRequest,
} from '../../../api/types';
import { wizard as words } from '../../../text/plans';

export type WaveDraft = {
  id: string;
  name: string;
  key: string;
  /** The key follows the name until somebody writes one. */
  isKeyOwn: boolean;
  protectionGroupIds: readonly string[];
  /** Nothing for all servers of the groups. */
  sourceServerIds: readonly string[] | null;
  dependsOn: readonly string[];
  pauseBefore: boolean;
  needType: Need['type'];
  needNumber: string;
  onFailure: OnFailure | '';
  timeLimit: string;
};

export type PlanDraft = { name: string; description: string; waves: readonly WaveDraft[] };

const KEY_LENGTH_MAX = 32;
const TIME_LIMIT_DEFAULT = '240';

export function draftOf(plan: RecoveryPlan | undefined): PlanDraft {
  if (plan === undefined) {
    return { name: '', description: '', waves: [newWave([])] };
  }
  const idOf = new Map(plan.waves.map((wave) => [wave.key, crypto.randomUUID() as string]));
  return {
    name: plan.name,
    description: plan.description,
    waves: plan.waves.map((wave) => waveOf(wave, idOf)),
  };
}

function waveOf(wave: PlannedWave, idOf: ReadonlyMap<string, string>): WaveDraft {
  return {
    id: idOf.get(wave.key) ?? wave.key,
    name: wave.name,
    key: wave.key,
    isKeyOwn: true,
    protectionGroupIds: wave.protectionGroupIds,
    sourceServerIds: wave.sourceServerIds,
    dependsOn: wave.dependsOn.flatMap((key) => idOf.get(key) ?? []),
    pauseBefore: wave.pauseBefore,
    needType: wave.need.type,
    needNumber: numberOf(wave.need),
    onFailure: wave.onFailure ?? '',
    timeLimit: wave.timeLimitMinutes.toString(),
  };
}

/** A further wave waits for the one before it, as the API has it too. */
export function newWave(waves: readonly WaveDraft[]): WaveDraft {
  const name = words.newWave(waves.length + 1);
  const last = waves.at(-1);
  return {
    id: crypto.randomUUID(),
    name,
    key: keyOf(name),
    isKeyOwn: false,
    protectionGroupIds: [],
    sourceServerIds: null,
    dependsOn: last === undefined ? [] : [last.id],
    pauseBefore: false,
    needType: 'ALL',
    needNumber: '',
    onFailure: '',
    timeLimit: TIME_LIMIT_DEFAULT,
  };
}

export function renamed(wave: WaveDraft, name: string): WaveDraft {
  return { ...wave, name, key: wave.isKeyOwn ? wave.key : keyOf(name) };
}

/** Moves a wave by one place; what it depends on stays as it is. */
export function moved(waves: readonly WaveDraft[], id: string, by: 1 | -1): readonly WaveDraft[] {
  const from = waves.findIndex((wave) => wave.id === id);
  const wave = waves[from];
  const other = waves[from + by];
  if (wave === undefined || other === undefined) {
    return waves;
  }
  const next = [...waves];
  next[from] = other;
  next[from + by] = wave;
  return next;
}

/** Takes a wave out; those that waited for it wait for what it waited for. */
export function without(waves: readonly WaveDraft[], id: string): readonly WaveDraft[] {
  const inherited = waves.find((wave) => wave.id === id)?.dependsOn ?? [];
  return waves
    .filter((wave) => wave.id !== id)
    .map((wave) => {
      if (!wave.dependsOn.includes(id)) {
        return wave;
      }
      const kept = wave.dependsOn.filter((other) => other !== id);
      const added = inherited.filter((other) => other !== wave.id);
      return { ...wave, dependsOn: [...new Set([...kept, ...added])] };
    });
}

/** Letters, digits and hyphens, as a key has them. */
export function keyOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, KEY_LENGTH_MAX);
}

export function requestOf(draft: PlanDraft): RecoveryPlanRequest {
  const keyOfId = new Map(draft.waves.map((wave) => [wave.id, wave.key.trim()]));
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    waves: draft.waves.map(
      (wave): WaveRequest => ({
        key: wave.key.trim(),
        name: wave.name.trim(),
        protectionGroupIds: [...wave.protectionGroupIds],
        sourceServerIds: wave.sourceServerIds === null ? null : [...wave.sourceServerIds],
        dependsOn: wave.dependsOn.flatMap((id) => keyOfId.get(id) ?? []),
        pauseBefore: wave.pauseBefore,
        need: needOf(wave),
        onFailure: wave.onFailure === '' ? null : wave.onFailure,
        timeLimitMinutes: wholeNumber(wave.timeLimit),
      }),
    ),
  };
}

export function needOf({ needType, needNumber }: WaveDraft): Need {
  switch (needType) {
    case 'ALL':
      return { type: 'ALL' };
    case 'COUNT':
      return { type: 'COUNT', count: wholeNumber(needNumber) };
    case 'PERCENT':
      return { type: 'PERCENT', percent: wholeNumber(needNumber) };
  }
}

/** What is no whole number is sent as 0, which the server refuses at its field. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
}

function numberOf(need: Need): string {
  switch (need.type) {
    case 'ALL':
      return '';
    case 'COUNT':
      return need.count.toString();
    case 'PERCENT':
      return need.percent.toString();
  }
}
