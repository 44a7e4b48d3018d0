/** What a wave needs, in words. */
import type { Need, OnFailure } from '../api/types';
import { plans } from './plans';

export function needText(need: Need): string {
  switch (need.type) {
    case 'ALL':
      return plans.needAll;
    case 'COUNT':
      return plans.needCount(need.count);
    case 'PERCENT':
      return plans.needPercent(need.percent);
  }
}

/** What it needs, and what happens else. */
export function needOrElse(need: Need, onFailure: OnFailure | null): string {
  return plans.orElse(needText(need), failureText(onFailure).toLowerCase());
}

function failureText(onFailure: OnFailure | null): string {
  return onFailure === null ? plans.failureDefault : plans.failure[onFailure];
}
