//! Who may change what, from where; and what is under way.

use std::collections::BTreeMap;

use deployment::cloud::LiveExecution;
use deployment::guard::{self, GuardOverride, Intent, UnderWay};
use deployment::instances::LeftInstance;
use deployment::observation::{Observation, Stack};
use deployment::release::Tree;
use deployment::rules::{Environment, Place, Source, Variables, check};

use crate::releases::settings;
use crate::world::World;

const COMMITTED: Source = Source::Checkout(Tree::Clean);
const DIRTY: Source = Source::Checkout(Tree::Dirty);

fn verdict(environment: Environment, place: Place, source: Source, reason: Option<&str>) -> String {
    match check(environment, place, source, reason) {
        Ok(()) => "allowed".to_owned(),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn the_rules_of_the_environments() {
    let desk = Place::Desk;
    let pipeline = Place::ProtectedPipeline;
    let reason = Some("the pipeline is down");
    let table = [
        (Environment::Dev, desk, DIRTY, None),
        (Environment::Qa, desk, DIRTY, None),
        (Environment::Uat, desk, COMMITTED, None),
        (Environment::Uat, desk, DIRTY, None),
        (Environment::Prod, desk, COMMITTED, None),
        (Environment::Prod, desk, COMMITTED, reason),
        (Environment::Prod, desk, Source::Bucket, None),
        (Environment::Prod, desk, Source::Bucket, reason),
        (Environment::Prod, pipeline, COMMITTED, None),
        (Environment::Prod, pipeline, DIRTY, None),
    ];
    let lines = table.map(|(environment, place, source, reason)| {
        let verdict = verdict(environment, place, source, reason);
        format!("{environment} {place:?} {source:?} {reason:?}: {verdict}")
    });
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_job_is_the_protected_pipeline_only_with_all_three_variables() {
    let yes = |text: &str| Some(text.to_owned());
    let all = Variables {
        ci: yes("true"),
        ref_protected: yes("true"),
        environment_tier: yes("production"),
    };
    assert_eq!(Place::of(&all), Place::ProtectedPipeline);
    for lacking in [
        Variables {
            ci: None,
            ..all.clone()
        },
        Variables {
            ref_protected: yes("false"),
            ..all.clone()
        },
        Variables {
            environment_tier: yes("staging"),
            ..all
        },
    ] {
        assert_eq!(Place::of(&lacking), Place::Desk);
    }
}

#[test]
fn executions_under_way_are_named_and_only_the_right_word_overrides() {
    let live = UnderWay::Known(vec![LiveExecution {
        id: "e-1".to_owned(),
        kind: "RECOVERY".to_owned(),
        status: "RUNNING".to_owned(),
        plan: "Payments".to_owned(),
    }]);
    let refusal = guard::check(&live, Intent::Deploy, GuardOverride::None).unwrap_err();
    insta::assert_snapshot!(refusal, @"work is under way: RECOVERY of Payments (RUNNING, e-1); wait until they have ended, or say --during-execution REASON");
    let refusal = guard::check(
        &live,
        Intent::Destroy,
        GuardOverride::DuringExecution("now"),
    )
    .unwrap_err();
    insta::assert_snapshot!(refusal, @"work is under way: RECOVERY of Payments (RUNNING, e-1); end and clean them up, or say --abandon-instances: then nobody watches their instances");
    assert!(guard::check(&live, Intent::Deploy, GuardOverride::DuringExecution("now")).is_ok());
    assert!(guard::check(&live, Intent::Deploy, GuardOverride::AbandonInstances).is_err());
    assert!(guard::check(&live, Intent::Destroy, GuardOverride::AbandonInstances).is_ok());
    assert!(
        guard::check(
            &UnderWay::Known(Vec::new()),
            Intent::Destroy,
            GuardOverride::None
        )
        .is_ok()
    );
}

#[test]
fn every_instance_that_would_be_left_is_named_and_only_the_right_word_overrides() {
    let left = ["i-1", "i-2"].map(|instance| LeftInstance {
        instance: instance.to_owned(),
        server: "s-1".to_owned(),
        hostname: Some("db".to_owned()),
        execution: "e-1".to_owned(),
        kind: "drill",
        account: "111122223333".to_owned(),
        region: "us-west-2".to_owned(),
    });
    let refusal = guard::check_instances(&left, GuardOverride::None).unwrap_err();
    insta::assert_snapshot!(refusal, @"instances would be left that nothing knows of any longer: i-1 of s-1 (db) in us-west-2 of 111122223333, launched by the drill e-1; i-2 of s-1 (db) in us-west-2 of 111122223333, launched by the drill e-1; clean their executions up, or say --abandon-instances");
    assert!(guard::check_instances(&left, GuardOverride::DuringExecution("now")).is_err());
    assert!(guard::check_instances(&left, GuardOverride::AbandonInstances).is_ok());
    assert!(guard::check_instances(&[], GuardOverride::None).is_ok());
}

#[tokio::test]
async fn a_table_that_is_gone_is_said_and_only_the_right_word_overrides() {
    let world = World::default();
    let observation = Observation {
        stack: Some(Stack {
            status: "UPDATE_COMPLETE".to_owned(),
            template_sha256: String::new(),
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }),
        ..Observation::default()
    };
    let settings = settings();
    let gone = guard::live(&world, &settings, &observation).await.unwrap();
    let refusal = guard::check(&gone, Intent::Deploy, GuardOverride::None).unwrap_err();
    insta::assert_snapshot!(refusal, @"the table drs-orchestration-test-execution-history is gone, so whether an execution is under way cannot be known; say --during-execution REASON");
    assert!(guard::check(&gone, Intent::Destroy, GuardOverride::None).is_err());
    assert!(guard::check(&gone, Intent::Deploy, GuardOverride::DuringExecution("now")).is_ok());
    assert!(guard::check(&gone, Intent::Destroy, GuardOverride::AbandonInstances).is_ok());
    let left = guard::instances(&world, &settings, &observation).await;
    assert_eq!(left.unwrap(), Vec::new());
    let table = "drs-orchestration-test-execution-history".to_owned();
    world.state().tables = [table].into();
    let there = guard::live(&world, &settings, &observation).await.unwrap();
    assert_eq!(there, UnderWay::Known(Vec::new()));
}
