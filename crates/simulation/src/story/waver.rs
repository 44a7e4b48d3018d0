//! Stories in which a recovery takes servers over and is given up at once, while launches of the
//! drill that gave way are still on their way, and somebody starts the next one.

use super::{Deed, Fault, FaultKind, Story};

/// Lets the people of a story change their minds.
pub(super) fn waver(story: &mut Story, random: &mut fastrand::Rng) {
    story.world.pace = random.u32(2..12);
    for _ in 0..2 {
        story.faults.push(Fault {
            kind: FaultKind::SlowRequest,
            server: String::new(),
            times: 2,
            seconds: random.u32(60..170),
        });
    }
    for plan in 0..story.plans.len() {
        let mut at = random.u32(2..200);
        story.deeds.push((at, plan, Deed::Recover));
        at += random.u32(1..20);
        story.deeds.push((at, plan, Deed::Cancel));
        for _ in 0..12 {
            at += random.u32(5..30);
            story.deeds.push((at, plan, Deed::Start));
        }
    }
    story.deeds.sort_by_key(|(at, ..)| *at);
}
