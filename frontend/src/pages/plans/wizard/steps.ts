/** The steps of the wizard, and at which of them a fault of the server is shown. */
import type { Fault } from '../../../api/error';

export const STEPS = ['details', 'waves', 'order', 'policies', 'review'] as const;
export type Step = (typeof STEPS)[number];

const MEMBER_STEP: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['name', 'waves'],
  ['key', 'waves'],
  ['protectionGroupIds', 'waves'],
  ['sourceServerIds', 'waves'],
  ['dependsOn', 'order'],
  ['pauseBefore', 'order'],
  ['need', 'policies'],
  ['onFailure', 'policies'],
  ['timeLimitMinutes', 'policies'],
]);

/** Nothing for a fault that no step has a field for: it is told above the steps. */
export function stepOf({ path }: Fault): Step | undefined {
  if (path === 'name' || path === 'description') {
    return 'details';
  }
  if (path === 'waves') {
    return 'waves';
  }
  const member = /^waves\[\d+\]\.([A-Za-z]+)/.exec(path)?.[1];
  return member === undefined ? undefined : MEMBER_STEP.get(member);
}

/** The first step with a fault. */
export function firstFaulty(faults: readonly Fault[]): Step | undefined {
  const faulty = new Set(faults.map(stepOf));
  return STEPS.find((step) => faulty.has(step));
}
