/** What a person enters to start a plan, and the request that it makes. */
import type { Kind, RecoveryPlan, StartRequest } from '../../../api/types';
import { isSameName } from '../../../lib/same-name';
import { start as words } from '../../../text/plans';
import type { Outlook } from './outlook';

export type StartWish = {
  planName: string;
  reason: string;
  outageDeclaredAt: string;
  notIsolated: string;
  lag: string;
  unverified: string;
  /** Source servers whose live instance of a recovery may be destroyed. */
  replaced: readonly string[];
  replaceReason: string;
  /** Drills that give way. */
  preempted: readonly string[];
  preemptReason: string;
  /** The ended recovery that is carried on with. */
  continueFrom: string;
};

export type WishFaults = Partial<Record<keyof StartWish, string>>;

export const EMPTY_WISH: StartWish = {
  planName: '',
  reason: '',
  outageDeclaredAt: '',
  notIsolated: '',
  lag: '',
  unverified: '',
  replaced: [],
  replaceReason: '',
  preempted: [],
  preemptReason: '',
  continueFrom: '',
};

/** Only what the request cannot be made without; all else the server judges. */
export function faultsOfWish(
  kind: Kind,
  plan: RecoveryPlan,
  outlook: Outlook,
  wish: StartWish,
): WishFaults {
  const faults: WishFaults = {};
  if (kind === 'DRILL') {
    if (outlook.notIsolated.length > 0 && isEmpty(wish.notIsolated)) {
      faults.notIsolated = words.reasonMissing;
    }
    return faults;
  }
  if (!isSameName(wish.planName, plan.name)) {
    faults.planName = words.nameDiffers;
  }
  if (isEmpty(wish.reason)) {
    faults.reason = words.reasonMissing;
  }
  if (wish.replaced.length > 0 && isEmpty(wish.replaceReason)) {
    faults.replaceReason = words.reasonMissing;
  }
  if (wish.preempted.length > 0 && isEmpty(wish.preemptReason)) {
    faults.preemptReason = words.reasonMissing;
  }
  return faults;
}

export function requestOf(
  kind: Kind,
  plan: RecoveryPlan,
  outlook: Outlook,
  wish: StartWish,
): StartRequest {
  const { recoveryPlanId } = plan;
  if (kind === 'DRILL') {
    const acknowledge = { ...given('notIsolated', wish), ...given('lag', wish) };
    return { recoveryPlanId, kind, ...(isBlank(acknowledge) ? {} : { acknowledge }) };
  }
  const unverified = given('unverified', wish);
  const replaceInstances = outlook.guarded.flatMap(({ sourceServerId, recoveryInstance }) =>
    recoveryInstance !== null && wish.replaced.includes(sourceServerId)
      ? [
          {
            sourceServerId,
            recoveryInstanceId: recoveryInstance.id,
            reason: wish.replaceReason.trim(),
          },
        ]
      : [],
  );
  return {
    recoveryPlanId,
    kind,
    confirm: {
      recoveryPlanName: plan.name,
      serverCount: outlook.serverCount,
      reason: wish.reason.trim(),
    },
    ...(isBlank(unverified) ? {} : { acknowledge: unverified }),
    ...given('outageDeclaredAt', wish),
    ...(replaceInstances.length === 0 ? {} : { replaceInstances }),
    ...(wish.preempted.length === 0
      ? {}
      : {
          preempt: wish.preempted.map((executionId) => ({
            executionId,
            reason: wish.preemptReason.trim(),
          })),
        }),
    ...given('continueFrom', wish),
  };
}

type TextMember = 'notIsolated' | 'lag' | 'unverified' | 'outageDeclaredAt' | 'continueFrom';

function given<Name extends TextMember>(name: Name, wish: StartWish): Partial<Record<Name, string>> {
  const text: string = wish[name].trim();
  const member: Partial<Record<TextMember, string>> = text === '' ? {} : { [name]: text };
  return member;
}

function isBlank(members: object): boolean {
  return Object.keys(members).length === 0;
}

function isEmpty(text: string): boolean {
  return text.trim() === '';
}
