//! Simpler stories, so that what breaks a law stands alone.

use super::{Story, TableFaults, Trouble};

/// Each is the story without one thing.
pub(super) fn simpler(story: &Story) -> Vec<Story> {
    let mut found = Vec::new();
    without_plans(story, &mut found);
    let mut add = |change: &dyn Fn(&mut Story)| {
        let mut other = story.clone();
        change(&mut other);
        found.push(other);
    };
    if story.trouble != Trouble::NONE {
        add(&|story| story.trouble = Trouble::NONE);
        add(&|story| story.trouble.loss = 0.0);
        add(&|story| story.trouble.death = 0.0);
        add(&|story| story.trouble.stall = 0.0);
        add(&|story| story.trouble.impatience = 0.0);
        add(&|story| story.trouble.launch_death = 0.0);
        add(&|story| story.trouble.launch_stall = 0.0);
        add(&|story| story.trouble.slow_looks = 0.0);
        add(&|story| story.trouble.malformed_listings = 0);
        add(&|story| story.trouble.skew_ms = 0);
        add(&|story| story.trouble.tables = TableFaults::default());
        add(&|story| story.trouble.empty_listings = 0);
    }
    for index in 0..story.faults.len() {
        add(&|story| {
            story.faults.remove(index);
        });
    }
    for index in 0..story.happenings.len() {
        add(&|story| {
            story.happenings.remove(index);
        });
    }
    for index in 0..story.deeds.len() {
        add(&|story| {
            story.deeds.remove(index);
        });
    }
    without_waves(story, &mut found);
    without_servers(story, &mut found);
    found.retain(|other| size(other) < size(story));
    found
}

fn without_plans(story: &Story, found: &mut Vec<Story>) {
    if story.plans.len() < 2 {
        return;
    }
    for gone in 0..story.plans.len() {
        let mut other = story.clone();
        other.plans.remove(gone);
        other.deeds.retain(|(_, plan, _)| *plan != gone);
        for (_, plan, _) in &mut other.deeds {
            *plan = 0;
        }
        found.push(other);
    }
}

/// The last wave goes: nothing depends on it.
fn without_waves(story: &Story, found: &mut Vec<Story>) {
    for (index, plan) in story.plans.iter().enumerate() {
        if plan.draft.waves.len() < 2 {
            continue;
        }
        let mut other = story.clone();
        let plan = &mut other.plans[index];
        if let Some(wave) = plan.draft.waves.pop() {
            let kept = plan.groups.len() - wave.protection_groups.len();
            plan.groups.truncate(kept);
        }
        found.push(other);
    }
}

fn without_servers(story: &Story, found: &mut Vec<Story>) {
    for (number, plan) in story.plans.iter().enumerate() {
        for (group, draft) in plan.groups.iter().enumerate() {
            if draft.servers.len() > 1 {
                let mut other = story.clone();
                let half = draft.servers.len().div_ceil(2);
                other.plans[number].groups[group].servers.truncate(half);
                found.push(other);
            }
        }
    }
}

/// What makes a story long to read.
fn size(story: &Story) -> usize {
    let trouble = story.trouble;
    let troubles = [
        trouble.loss > 0.0,
        trouble.death > 0.0,
        trouble.stall > 0.0,
        trouble.impatience > 0.0,
        trouble.launch_death > 0.0,
        trouble.launch_stall > 0.0,
        trouble.slow_looks > 0.0,
        trouble.malformed_listings > 0,
        trouble.skew_ms > 0,
        trouble.tables != TableFaults::default(),
        trouble.empty_listings > 0,
    ];
    story.servers()
        + story
            .plans
            .iter()
            .map(|plan| plan.draft.waves.len() * 2)
            .sum::<usize>()
        + story.faults.len()
        + story.happenings.len()
        + story.deeds.len()
        + troubles.into_iter().filter(|on| *on).count()
}
