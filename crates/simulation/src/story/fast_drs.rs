//! Stories in which everything follows within the two minutes that a function may live: DRS ends
//! jobs in seconds, callers stand still over their answers, and people press again at once. So a
//! batch waits for its next launch, or has given up on one, when the answer to the last arrives.

use drs_simulator::scenario::Profile;

use super::{Deed, Fault, FaultKind, Story};

/// For how many seconds people press.
const PRESSED_SECONDS: u32 = 300;

/// Makes DRS fast in a story, and its people impatient.
pub(super) fn apply(story: &mut Story, random: &mut fastrand::Rng) {
    story.world.profile = Profile::Observed;
    story.world.pace = random.u32(1..4);
    story.world.visible_after_ms = if random.bool() { 0 } else { 60_000 };
    if random.bool() {
        story.trouble.launch_stall = 0.6;
    } else {
        story.trouble.launch_death = 0.6;
        story.trouble.stall = 0.3;
    }
    story.trouble.impatience = 0.5;
    story.trouble.slow_looks = random.f64() * 0.4;
    for _ in 0..4 {
        story.faults.push(Fault {
            kind: FaultKind::SnapshotFails,
            server: story.fleet[random.usize(..story.fleet.len())].id.clone(),
            times: 2,
            seconds: 60,
        });
    }
    let plans = story.plans.len();
    let mut at = 0;
    while at < PRESSED_SECONDS {
        at += random.u32(1..10);
        let plan = random.usize(..plans);
        let wave = random.usize(..story.plans[plan].draft.waves.len());
        story.deeds.push((at, plan, Deed::Retry(wave)));
    }
    if random.bool() {
        for plan in 0..plans {
            let at = random.u32(10..PRESSED_SECONDS);
            story.deeds.push((at, plan, Deed::CancelAndGiveUp));
            for after in [1, 10, 30, 60] {
                story.deeds.push((at + after, plan, Deed::CleanUp));
            }
        }
    }
    story.deeds.sort_by_key(|(at, ..)| *at);
}
