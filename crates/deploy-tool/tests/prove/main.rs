//! Proving over a product that behaves: what runs, what resumes, what is told.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

mod world;

use std::collections::BTreeSet;

use deploy_tool::prove::observation::{Observation, yaml};
use deploy_tool::prove::order::{Chance, chance, next};
use deploy_tool::prove::record::{Chosen, Identity, Record, Standing};
use deploy_tool::prove::report::{Verdict, all_proved, json, markdown, verdict};
use deploy_tool::prove::run::Stopped;
use deploy_tool::prove::step::{Need, Step};

use world::{World, identity};

#[test]
fn every_step_needs_only_earlier_ones_and_says_what_it_costs_and_takes() {
    for step in Step::ALL {
        for need in step.needs() {
            let (Need::Proved(other) | Need::Begun(other)) = *need;
            assert!(other < step, "{step:?} needs {other:?}");
        }
        let told = step.description();
        for text in [told.title, told.does, told.costs, told.takes] {
            assert!(!text.trim().is_empty(), "{step:?}");
        }
    }
    let titles: BTreeSet<&str> = Step::ALL.into_iter().map(Step::title).collect();
    assert_eq!(titles.len(), Step::ALL.len());
}

#[test]
fn the_steps_come_in_their_order_and_each_once_in_a_run() {
    let world = World::new();
    assert_eq!(world.run(), Stopped::AtTheEnd);
    assert_eq!(world.performed(), Step::ALL);
    assert!(all_proved(&world.record()));
}

#[test]
fn what_needs_a_step_that_is_not_proved_is_not_tried_and_clean_up_is_offered() {
    let world = World::new();
    world.break_step(Step::Drill);
    world.run();
    let performed = world.performed();
    for step in [
        Step::CleanUp,
        Step::FailedDeployment,
        Step::Removal,
        Step::Destruction,
    ] {
        assert!(performed.contains(&step), "{step:?}");
    }
    let world = World::new();
    world.break_step(Step::Deployment);
    world.run();
    let clean_up = [Step::Rights, Step::Deployment, Step::Destruction];
    assert_eq!(world.performed(), clean_up);
    let told = verdict(Step::Api, &world.record());
    assert!(matches!(told, Verdict::NotTried(_)), "{told:?}");
}

#[test]
fn a_no_stops_there_and_the_next_run_goes_on_there() {
    for declined in Step::ALL {
        let world = World::new();
        world.decline(Some(declined));
        assert_eq!(world.run(), Stopped::Declined(declined));
        assert!(!world.performed().contains(&declined));
        world.decline(None);
        world.run();
        assert_eq!(world.performed(), Step::ALL, "declined {declined:?}");
        assert_eq!(world.launches(), 1);
    }
}

#[test]
fn whoever_is_killed_in_any_step_before_or_after_its_effect_launches_once() {
    for killed in Step::ALL {
        for moment in world::Moment::ALL {
            let world = World::new();
            world.kill(killed, moment);
            assert!(world.try_run().is_err(), "{killed:?}");
            let text = std::fs::read_to_string(world.folder().join("report.md")).unwrap();
            assert!(text.contains("interrupted"), "{killed:?}: {text}");
            world.run();
            assert!(all_proved(&world.record()), "{killed:?} {moment:?}");
            assert_eq!(world.launches(), 1, "{killed:?} {moment:?}");
        }
    }
}

#[test]
fn what_was_not_proved_is_tried_once_more_by_the_next_run_and_what_was_proved_is_not() {
    let world = World::new();
    world.break_step(Step::Watchers);
    world.decline(Some(Step::Removal));
    world.run();
    world.mend();
    world.decline(None);
    world.run();
    let count = |step| world.performed().iter().filter(|one| **one == step).count();
    assert_eq!(count(Step::Watchers), 2);
    assert_eq!(count(Step::Deployment), 1);
    assert!(all_proved(&world.record()));
}

#[test]
fn after_the_removal_nothing_is_tried_that_needs_what_it_removed() {
    let world = World::new();
    world.break_step(Step::Watchers);
    world.run();
    world.mend();
    world.run();
    let record = world.record();
    let removed = Chance::Removed(Step::Destruction);
    assert_eq!(chance(Step::Watchers, &record.steps), removed);
    assert_eq!(next(&record.steps, &BTreeSet::new()), None);
    assert!(!all_proved(&record));
}

#[test]
fn a_record_of_another_environment_account_region_or_form_is_refused() {
    let world = World::new();
    world.run();
    let file = world.folder().join("record.json");
    assert!(Record::read(&file, &identity()).unwrap().is_some());
    for other in [
        Identity {
            environment: "test".to_owned(),
            ..identity()
        },
        Identity {
            account: "444455556666".to_owned(),
            ..identity()
        },
        Identity {
            region: "eu-west-1".to_owned(),
            ..identity()
        },
        Identity {
            project: "another".to_owned(),
            ..identity()
        },
    ] {
        let refusal = Record::read(&file, &other).unwrap_err().to_string();
        assert!(refusal.contains("choose another --folder"), "{refusal}");
    }
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("\"schema\": 1", "\"schema\": 2", 1)).unwrap();
    let refusal = Record::read(&file, &identity()).unwrap_err().to_string();
    assert!(refusal.contains("form 2"), "{refusal}");
    std::fs::write(&file, "{").unwrap();
    assert!(Record::read(&file, &identity()).is_err());
}

#[test]
fn the_server_of_the_drill_is_chosen_once() {
    let mut record = Record::new(identity(), "1".to_owned());
    let chosen = |server: &str| Chosen {
        server: server.to_owned(),
        region: "us-west-2".to_owned(),
        isolation: "A subnet without routes.".to_owned(),
    };
    record.choose(chosen("s-00000000000000001")).unwrap();
    record.choose(chosen("s-00000000000000001")).unwrap();
    let refusal = record.choose(chosen("s-00000000000000002")).unwrap_err();
    assert!(refusal.to_string().contains("s-00000000000000001"));
}

#[test]
fn the_report_says_of_each_step_what_became_of_it_and_why() {
    let mut record = Record::new(identity(), "1".to_owned());
    let at = "2026-11-30T12:00:00Z".to_owned();
    let proved = Standing::Proved {
        at: at.clone(),
        seconds: 3,
        evidence: vec!["one | two".to_owned()],
    };
    let failed = Standing::NotProved {
        at,
        seconds: 5,
        reason: "AWS said\nno".to_owned(),
    };
    record.steps.insert(Step::Rights, proved);
    record.steps.insert(Step::Deployment, failed);
    let text = markdown(&record);
    for line in [
        "| rights of the caller | proved | 3 | 2026-11-30T12:00:00Z | one \\| two |",
        "| deployment | **not proved** | 5 | 2026-11-30T12:00:00Z | AWS said no |",
        "| sign-in | not tried |  |  | it needs the step \"deployment\" |",
        "| destruction | not tried |  |  | nobody has let it begin yet |",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    let rows = json(&record);
    assert_eq!(rows["steps"][0]["verdict"], "PROVED");
    assert_eq!(rows["steps"][1]["verdict"], "NOT_PROVED");
    assert_eq!(rows["steps"][2]["verdict"], "NOT_TRIED");
    assert_eq!(rows["allProved"], false);
}

#[test]
fn observations_have_the_simulators_words_where_it_has_some() {
    let seen = [
        Observation::new("order", "newest \"first\"", "drsjob-1")
            .saying("switches.newest_log_first", &true),
        Observation::new("page", "50", "a request").saying("page_size", &50),
        Observation::new("initiated", "START_DRILL", "drsjob-1")
            .saying("switches.drills_say_start_drill", &true),
        Observation::new("tags", "none", "i-1"),
    ];
    let text = yaml(&seen);
    let lines: Vec<&str> = text.lines().skip(2).collect();
    let members = [
        "page_size: 50",
        "switches:",
        "  drills_say_start_drill: true",
        "  newest_log_first: true",
        "observations:",
        "  - question: \"order\"",
        "    answer: \"newest \\\"first\\\"\"",
        "    evidence: \"drsjob-1\"",
    ];
    assert_eq!(lines[..members.len()], members, "{text}");
    assert!(text.contains("question: \"tags\""), "{text}");
    assert!(yaml(&[]).ends_with("observations:\n  []\n"));
}
