//! Faults of requests (F1 to F4, F21, F29, held answers): what the caller sees, and what happened.

use crate::support::{ACCOUNT, REGION, advance, drill, jobs, start, world};
use drs_simulator::wire::job::{DescribeJobsRequest, JobResponse};
use drs_simulator::{ApiError, Caller, ErrorName, Reply, World};
use serde_json::json;
use std::time::Duration;

fn rule(text: &str) -> World {
    world(&format!("rules: [ {text} ]\n"))
}

fn caller() -> Caller {
    Caller::new(ACCOUNT, REGION)
}

fn request(world: &mut World) -> Reply<Result<JobResponse, ApiError>> {
    world.request(&caller(), &drill([1]))
}

fn error_of<T: std::fmt::Debug>(reply: Reply<Result<T, ApiError>>) -> ApiError {
    let Reply::Answered(Err(error)) = reply else {
        panic!("no error: {reply:?}")
    };
    error
}

#[test]
fn an_answer_lost_after_the_commit_leaves_a_job() {
    let mut world =
        rule("{ when: { op: StartRecovery }, do: { lose_response: after_commit }, times: 1 }");
    assert_eq!(request(&mut world), Reply::Lost);
    assert_eq!(jobs(&mut world).len(), 1);
    assert_eq!(error_of(request(&mut world)).name, ErrorName::Conflict);
    let journal: Vec<_> = world.journal().requests().collect();
    assert_eq!(
        (
            journal[0].status,
            journal[0].committed,
            journal[0].delivered
        ),
        (Some(202), true, false)
    );
    assert_eq!(
        (
            journal[1].status,
            journal[1].committed,
            journal[1].delivered
        ),
        (Some(409), false, true)
    );
}

#[test]
fn an_answer_lost_before_the_commit_leaves_nothing() {
    let mut world =
        rule("{ when: { op: StartRecovery }, do: { lose_response: before_commit }, times: 1 }");
    assert_eq!(request(&mut world), Reply::Lost);
    assert!(jobs(&mut world).is_empty());
    assert!(matches!(request(&mut world), Reply::Answered(Ok(_))));
}

#[test]
fn an_error_comes_before_the_commit_unless_it_says_otherwise() {
    for (commit, made) in [("", 0), (", commit: true", 1)] {
        let text = format!(
            "{{ when: {{ op: StartRecovery }}, do: {{ error: InternalServerException{commit} }} }}"
        );
        let mut world = rule(&text);
        assert_eq!(
            error_of(request(&mut world)).name,
            ErrorName::InternalServer
        );
        assert_eq!(jobs(&mut world).len(), made);
        let entry = world.journal().requests().next().unwrap();
        assert_eq!((entry.status, entry.committed), (Some(500), made == 1));
    }
}

#[test]
fn what_waits_for_the_commit_leaves_a_refusal_alone_and_waits_on() {
    for effect in [
        "{ error: InternalServerException, commit: true }",
        "{ lose_response: after_commit }",
        "{ half_response: after_commit }",
        "{ hold: PT5S }",
        "{ hang: after_commit }",
        "{ lose_response: after_commit, surprise: { set: { /message: other } } }",
    ] {
        let text = format!("{{ id: late, when: {{ op: StartRecovery }}, do: {effect}, times: 1 }}");
        let mut world = world("");
        start(&mut world, &drill([1])).unwrap();
        let rule = format!("rules:\n  - {text}\n");
        let added = crate::support::scenario(&rule).rules.remove(0);
        world.add_rule(added);
        let refusal = request(&mut world);
        assert!(
            matches!(&refusal, Reply::Answered(Err(error)) if error.name == ErrorName::Conflict),
            "{effect}: {refusal:?}"
        );
        assert_eq!(world.rules(), [("late".to_owned(), 0, Some(1))], "{effect}");
        let other = world.request(&caller(), &drill([2]));
        assert!(
            !matches!(other, Reply::Answered(Ok(_))),
            "{effect}: {other:?}"
        );
        assert_eq!(world.rules(), [("late".to_owned(), 1, Some(0))], "{effect}");
    }
}

#[test]
fn a_rule_that_has_interfered_is_used_up_by_the_refusal_it_brought_about() {
    let mut world = rule(
        "{ id: both, when: { op: StartRecovery }, do: { foreign_job: {}, lose_response: after_commit }, times: 1 }",
    );
    assert_eq!(error_of(request(&mut world)).name, ErrorName::Conflict);
    assert_eq!(world.rules(), [("both".to_owned(), 1, Some(0))]);
}

#[test]
fn a_throttle_burst_ends_after_its_number_of_times_and_says_when_to_come_back() {
    let mut world = rule(
        "{ when: { op: DescribeJobs }, do: { error: ThrottlingException, retry_after: 3 }, times: 2 }",
    );
    let look = DescribeJobsRequest::default();
    for _ in 0..2 {
        let error = error_of(world.request(&caller(), &look));
        assert_eq!(
            (error.name, error.retry_after_seconds),
            (ErrorName::Throttling, Some(3))
        );
        assert_eq!(error.message, "Rate exceeded");
    }
    assert!(matches!(
        world.request(&caller(), &look),
        Reply::Answered(Ok(_))
    ));
}

#[test]
fn an_answer_held_after_the_commit_has_taken_effect() {
    let mut world = rule("{ when: { op: StartRecovery }, do: { hold: PT5S, when: after_commit } }");
    let reply = request(&mut world);
    assert!(matches!(reply, Reply::Held { hold, answer: Ok(_) } if hold == Duration::from_secs(5)));
    assert_eq!(jobs(&mut world).len(), 1);
}

#[test]
fn an_answer_that_hangs_is_not_told_and_one_that_is_held_is() {
    for (effect, delivered) in [
        ("hang: after_commit", false),
        ("hang: before_commit", false),
        ("hold: PT1H, when: after_commit", true),
    ] {
        let text = format!("{{ when: {{ op: StartRecovery }}, do: {{ {effect} }} }}");
        let mut world = rule(&text);
        request(&mut world);
        let entry = world.journal().requests().next().unwrap();
        assert_eq!(entry.delivered, delivered, "{effect}");
        assert_eq!(entry.committed, effect.contains("after"), "{effect}");
        assert_eq!(entry.status.is_some(), entry.committed, "{effect}");
    }
}

#[test]
fn a_request_held_before_the_commit_takes_effect_when_it_arrives() {
    let mut world =
        rule("{ when: { op: StartRecovery }, do: { hold: PT5S, when: before_commit } }");
    let reply = request(&mut world);
    assert_eq!(
        reply,
        Reply::Postponed {
            hold: Duration::from_secs(5)
        }
    );
    assert!(jobs(&mut world).is_empty());
    world
        .request_delayed(&caller(), &drill([1]))
        .expect("it arrives now");
    assert_eq!(jobs(&mut world).len(), 1);
}

#[test]
fn the_first_rule_that_matches_wins() {
    let mut world = rule(
        "{ when: { op: StartRecovery, tag: { wave: \"2\" } }, do: { error: ValidationException } }, \
         { when: { op: StartRecovery }, do: { error: AccessDeniedException } }",
    );
    let mut tagged = drill([1]);
    tagged.tags = Some(
        [
            ("wave".to_owned(), "2".to_owned()),
            ("more".to_owned(), "x".to_owned()),
        ]
        .into(),
    );
    assert_eq!(
        error_of(world.request(&caller(), &tagged)).name,
        ErrorName::Validation
    );
    assert_eq!(error_of(request(&mut world)).name, ErrorName::AccessDenied);
}

#[test]
fn every_condition_of_a_rule_must_hold() {
    for (condition, matches) in [
        ("op: StartRecovery", true),
        ("op: DescribeJobs", false),
        ("account: \"111122223333\", region: us-west-2", true),
        ("account: \"444455556666\"", false),
        ("region: us-east-1", false),
        ("server: { hostname: web-01 }", true),
        ("server: { hostname: web-02 }", false),
        (
            "server: { id: s-00000000000000001, tag: { tier: web } }",
            true,
        ),
        ("server: { tag: { tier: db } }", false),
        ("tag: { wave: \"1\" }", false),
        ("after: PT5M", false),
    ] {
        let mut world = rule(&format!(
            "{{ when: {{ {condition} }}, do: {{ error: ConflictException }} }}"
        ));
        let refused = matches!(request(&mut world), Reply::Answered(Err(_)));
        assert_eq!(refused, matches, "{condition}");
    }
}

#[test]
fn a_rule_with_a_time_waits_for_it() {
    let mut world =
        rule("{ when: { op: StartRecovery, after: PT5M }, do: { error: ConflictException } }");
    advance(&mut world, 299);
    assert!(matches!(request(&mut world), Reply::Answered(Ok(_))));
    let mut world =
        rule("{ when: { op: StartRecovery, after: PT5M }, do: { error: ConflictException } }");
    advance(&mut world, 300);
    assert_eq!(error_of(request(&mut world)).name, ErrorName::Conflict);
}

#[test]
fn rules_can_be_added_counted_and_removed() {
    let mut world = world("");
    let rule = serde_json::from_value(
        json!({ "when": { "op": "StartRecovery" }, "do": { "error": "ConflictException" } }),
    )
    .unwrap();
    let id = world.add_rule(rule);
    assert_eq!(error_of(request(&mut world)).name, ErrorName::Conflict);
    assert_eq!(world.rules(), [(id.clone(), 1, None)]);
    assert!(world.remove_rule(&id));
    assert!(!world.remove_rule(&id));
    assert!(matches!(request(&mut world), Reply::Answered(Ok(_))));
}

#[test]
fn a_denied_action_of_drs_is_refused_at_the_call_with_its_name() {
    let mut world = rule("{ when: { deny: [\"drs:StartRecovery\"] } }");
    let error = error_of(request(&mut world));
    assert_eq!(error.name, ErrorName::AccessDenied);
    assert!(
        error
            .message
            .contains("not authorized to perform: drs:StartRecovery"),
        "{error}"
    );
    assert!(jobs(&mut world).is_empty());
}

#[test]
fn a_foreign_job_with_the_same_servers_can_come_first() {
    let mut world = rule(
        "{ when: { op: StartRecovery }, times: 1, \
           do: { lose_response: before_commit, foreign_job: { duration: PT10M, tags: { owner: other } } } }",
    );
    assert_eq!(request(&mut world), Reply::Lost);
    let foreign = jobs(&mut world);
    assert_eq!(foreign.len(), 1);
    assert_eq!(foreign[0].tags.as_ref().unwrap()["owner"], "other");
    assert_eq!(error_of(request(&mut world)).name, ErrorName::Conflict);
    assert!(world.advance_until(&"job:*:COMPLETED".parse().unwrap()));
    assert!(world.verify().ok);
}

#[test]
fn a_typed_call_meets_no_fault() {
    let mut world = rule("{ when: { op: StartRecovery }, do: { error: ConflictException } }");
    start(&mut world, &drill([1])).expect("faults belong to requests");
}

#[test]
fn during_an_outage_no_request_is_answered_or_takes_effect() {
    let mut world = world("timeline: [ { at: PT1M, region: us-west-2, outage: PT2M } ]\n");
    advance(&mut world, 61);
    assert_eq!(request(&mut world), Reply::Lost);
    assert!(jobs(&mut world).is_empty());
    let elsewhere = Caller::new(ACCOUNT, "us-east-1");
    assert!(matches!(
        world.request(&elsewhere, &DescribeJobsRequest::default()),
        Reply::Answered(Ok(_))
    ));
    advance(&mut world, 120);
    assert!(matches!(request(&mut world), Reply::Answered(Ok(_))));
}

#[test]
fn an_unknown_operation_and_an_unreadable_body_are_told_apart() {
    let mut world = world("");
    for (operation, body, reason) in [
        ("CreateRecoveryPlan", json!({}), "unknownOperation"),
        (
            "StartRecovery",
            json!({ "sourceServers": "all" }),
            "cannotParse",
        ),
        ("StartRecovery", json!({}), "fieldValidationFailed"),
    ] {
        let Reply::Answered(answer) = world.call(&caller(), operation, &body) else {
            panic!()
        };
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body.unwrap()["reason"], reason);
    }
}

#[test]
fn members_that_the_model_does_not_know_are_ignored() {
    let mut world = world("");
    let body = json!({ "sourceServers": [{ "sourceServerID": crate::support::server(1), "new": 1 }], "isDrill": true, "future": {} });
    let Reply::Answered(answer) = world.call(&caller(), "StartRecovery", &body) else {
        panic!()
    };
    assert_eq!(answer.status, 202);
}

#[test]
fn the_journal_drops_old_reads_but_never_a_write() {
    let mut world = world("journal: { reads: 2 }\n");
    let look = DescribeJobsRequest::default();
    for number in 1..=3 {
        world.request(&caller(), &look);
        world.request(&caller(), &drill([number]));
    }
    let operations: Vec<_> = world
        .journal()
        .requests()
        .map(|entry| entry.operation.clone())
        .collect();
    assert_eq!(
        operations,
        [
            "StartRecovery",
            "DescribeJobs",
            "StartRecovery",
            "DescribeJobs",
            "StartRecovery"
        ]
    );
    assert_eq!(world.journal().dropped_reads(), 1);
}

#[test]
fn a_denied_action_may_end_in_a_star() {
    for (action, denied) in [
        ("drs:*", true),
        ("drs:Start*", true),
        ("drs:Stop*", false),
        ("ec2:*", false),
        ("drs:StartReplication", false),
    ] {
        let mut world = rule(&format!("{{ when: {{ deny: [\"{action}\"] }} }}"));
        let answer = request(&mut world);
        let refused =
            matches!(&answer, Reply::Answered(Err(error)) if error.name == ErrorName::AccessDenied);
        assert_eq!(refused, denied, "{action}");
    }
}

#[test]
fn a_rule_can_end_by_itself() {
    let text = "{ when: { op: StartRecovery, after: PT1M, until: PT2M }, do: { error: ConflictException } }";
    let seen: Vec<_> = [30, 90, 150]
        .into_iter()
        .map(|seconds| {
            let mut world = rule(text);
            advance(&mut world, seconds);
            matches!(request(&mut world), Reply::Answered(Ok(_)))
        })
        .collect();
    assert_eq!(seen, [true, false, true]);
}

#[test]
fn a_start_with_tags_needs_the_right_to_tag() {
    for (tagged, refused) in [(true, true), (false, false)] {
        let mut world = rule("{ when: { deny: [\"drs:TagResource\"] } }");
        let mut start = drill([1]);
        start.tags = tagged.then(|| [("attempt".to_owned(), "1".to_owned())].into());
        match world.request(&caller(), &start) {
            Reply::Answered(Err(error)) => {
                assert!(
                    refused && error.message.contains("drs:TagResource"),
                    "{error}"
                );
            }
            Reply::Answered(Ok(_)) => assert!(!refused),
            Reply::Held { .. } | Reply::Postponed { .. } | Reply::Lost => panic!("no answer"),
        }
    }
}
