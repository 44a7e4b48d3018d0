//! Stories in which a recovery takes servers over and is given up at once, while launches of the
//! one that gave way are still on their way or not shown yet, and somebody starts the next one.

use super::{Deed, Fault, FaultKind, Story};

/// Lets the people of a story give up what they have just begun.
pub(super) fn apply(story: &mut Story, random: &mut fastrand::Rng) {
    story.world.pace = random.u32(2..12);
    for _ in 0..2 {
        story.faults.push(Fault {
            kind: FaultKind::SlowRequest,
            server: String::new(),
            times: 2,
            seconds: random.u32(60..170),
        });
    }
    let next = if random.bool() {
        start_anew
    } else {
        hide_jobs(story, random);
        continue_abandoned
    };
    for plan in 0..story.plans.len() {
        next(story, plan, random);
    }
    story.deeds.sort_by_key(|(at, ..)| *at);
}

/// A recovery that is cancelled at once, and then somebody who starts as soon as it is possible.
fn start_anew(story: &mut Story, plan: usize, random: &mut fastrand::Rng) {
    let mut at = random.u32(2..200);
    story.deeds.push((at, plan, Deed::Recover));
    at += random.u32(1..20);
    story.deeds.push((at, plan, Deed::Cancel));
    for _ in 0..12 {
        at += random.u32(5..30);
        story.deeds.push((at, plan, Deed::Start));
    }
}

/// Recoveries that are given up, each continued by the next.
fn continue_abandoned(story: &mut Story, plan: usize, random: &mut fastrand::Rng) {
    let mut at = random.u32(2..200);
    for _ in 0..3 {
        story.deeds.push((at, plan, Deed::CancelAndGiveUp));
        at += random.u32(1..20);
        story.deeds.push((at, plan, Deed::Recover));
        at += random.u32(1..60);
    }
}

/// The first launches have jobs that DRS does not show, or shows without servers.
fn hide_jobs(story: &mut Story, random: &mut fastrand::Rng) {
    let kind = if random.bool() {
        FaultKind::HiddenJob
    } else {
        FaultKind::NoParticipants
    };
    let hidden = Fault {
        kind,
        server: String::new(),
        times: random.u32(1..4),
        seconds: random.u32(30..90),
    };
    story.faults.insert(0, hidden);
}
