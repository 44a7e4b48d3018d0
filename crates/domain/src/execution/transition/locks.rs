//! Locks on servers and on the plan, as the execution knows them.

use super::working::Transition;
use crate::execution::model::batch::BatchReference;
use crate::execution::model::effect::PlanLock;
use crate::execution::model::lock::Lock;
use crate::execution::queries::clean_up::needs_locks;

/// The table says that these locks are free.
pub(super) fn released(transition: &mut Transition, batches: &[BatchReference], plan: PlanLock) {
    if !transition.next.has_ended() {
        return;
    }
    // A clean-up that began meanwhile has taken the servers' locks again.
    let needed = needs_locks(&transition.next);
    for reference in batches {
        if let Some(batch) = transition
            .next
            .waves
            .get_mut(reference.wave)
            .and_then(|wave| wave.batches.get_mut(reference.batch))
            && !batch.is_in_flight()
            && !needed
        {
            batch.locks = Lock::Free;
        }
    }
    if plan == PlanLock::Release {
        transition.next.head.plan_lock = Lock::Free;
    }
}

pub(super) fn lock_all(transition: &mut Transition) {
    for wave in &mut transition.next.waves {
        for batch in &mut wave.batches {
            batch.locks = Lock::Held;
        }
    }
}
