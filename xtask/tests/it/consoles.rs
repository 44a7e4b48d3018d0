//! What consoles ask, compared with what the firewall lets one address ask.

use std::collections::BTreeMap;
use std::fs;

use xtask::consoles::{Asked, Limit, Stranger, Traffic, judge, limit};
use xtask::workspace;

const LIMIT: Limit = Limit {
    requests: 40_000,
    seconds: 300,
};

fn traffic(consoles: usize, asked: u64) -> Traffic {
    let one = Asked {
        asked: BTreeMap::from([("/executions/{id}".to_owned(), asked)]),
        refused: 0,
        milliseconds: vec![12; 20],
    };
    Traffic {
        seconds: 300.0,
        jobs: 20,
        consoles: vec![one; consoles],
        stranger: None,
    }
}

fn refusal(traffic: &Traffic) -> String {
    judge(traffic, LIMIT).unwrap_err().to_string()
}

#[test]
fn the_limit_is_read_from_the_template() {
    let template = workspace::root().join("cfn/security-stack.yaml");
    let text = fs::read_to_string(template).unwrap();
    assert_eq!(limit(&text).unwrap(), LIMIT);
    let other = text.replace("Limit: 40000", "Limit: 4000");
    assert_eq!(limit(&other).unwrap().requests, 4_000);
}

#[test]
fn a_template_that_counts_viewers_by_no_rule_has_no_limit() {
    let template = workspace::root().join("cfn/security-stack.yaml");
    let text = fs::read_to_string(template).unwrap();
    let other = text.replace("x-viewer-address", "user-agent");
    let refusal = limit(&other).unwrap_err().to_string();
    assert!(refusal.contains("not one rule"), "{refusal}");
}

#[test]
fn half_of_the_limit_may_be_asked_and_no_more() {
    assert!(judge(&traffic(50, 400), LIMIT).is_ok());
    assert!(
        refusal(&traffic(50, 401)).contains("20050 requests in 300 s: more than half of 40000")
    );
}

#[test]
fn what_was_counted_for_a_minute_is_taken_for_five() {
    let mut counted = traffic(50, 81);
    counted.seconds = 60.0;
    assert!(refusal(&counted).contains("20250 requests in 300 s"));
}

#[test]
fn every_console_may_ask_what_one_of_them_has_asked() {
    let mut counted = traffic(50, 100);
    counted.consoles[7] = traffic(1, 401).consoles.remove(0);
    assert!(refusal(&counted).contains("20050 requests"));
}

#[test]
fn a_console_that_was_refused_something_fails_the_count() {
    let mut counted = traffic(2, 10);
    counted.consoles[1].refused = 3;
    assert!(refusal(&counted).contains("3 requests of consoles were refused"));
}

#[test]
fn consoles_that_waited_for_their_answers_are_not_counted() {
    let mut counted = traffic(2, 10);
    counted.consoles[0].milliseconds = vec![4_000; 20];
    assert!(refusal(&counted).contains("asked less than they would elsewhere"));
    counted.consoles[0].milliseconds.clear();
    counted.consoles[1].milliseconds.clear();
    assert!(refusal(&counted).contains("asked less"));
}

#[test]
fn without_a_console_nothing_was_counted() {
    assert!(refusal(&traffic(0, 0)).contains("no console was open"));
}

#[test]
fn beside_a_stranger_a_console_may_wait_but_is_refused_nothing() {
    let mut counted = traffic(1, 10);
    counted.consoles[0].milliseconds = vec![4_000; 20];
    counted.stranger = Some(Stranger {
        sent: 10_000,
        answers: BTreeMap::from([("401".to_owned(), 10_000)]),
    });
    assert!(judge(&counted, LIMIT).is_ok());
    counted.consoles[0].refused = 1;
    assert!(refusal(&counted).contains("1 requests of consoles were refused"));
}
