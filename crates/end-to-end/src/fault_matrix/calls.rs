//! The faults of calls: refusals, lost and late answers, and answers that nobody expects.

use serde_json::{Value, json};

use super::{Act, Case, Expected, at_start, in_region};

/// Shown while DRS cannot be asked.
const UNREACHABLE: &str = "DRS_UNAVAILABLE|ACCESS_DENIED|STALE|FAILING";
/// Shown when a job was found by its tag.
const ADOPTED: &str = "ADOPTED|adopted";
/// How long a Region stays away, in seconds.
const AWAY: u64 = 40;

/// The cases.
pub fn cases() -> Vec<Case> {
    let mut cases = of_launches();
    cases.extend(of_refusals());
    cases.extend(of_regions());
    cases.extend(of_answers());
    cases
}

fn of_launches() -> Vec<Case> {
    vec![
        Case::new(
            "F2",
            "the answer to StartRecovery is lost after the commit",
            "adopted by its tag; never a second job",
            vec![at_start(&json!({ "lose_response": "after_commit" }), 1)],
        )
        .expect(Expected::up_showing(ADOPTED)),
        Case::new(
            "F3",
            "StartRecovery answers 500 after the commit",
            "adopted by its tag; never a second job",
            vec![at_start(
                &json!({ "error": "InternalServerException", "commit": true }),
                1,
            )],
        )
        .expect(Expected::up_showing(ADOPTED)),
        Case::new(
            "F4",
            "StartRecovery answers 500 and has done nothing",
            "one further attempt, once absence is proved",
            vec![at_start(&json!({ "error": "InternalServerException" }), 1)],
        )
        .expect(Expected::up_showing("it is proved")),
        Case::new(
            "F5",
            "somebody else's job takes the servers in the moment of the launch",
            "that job is waited for by its id, and not adopted",
            vec![at_start(
                &json!({ "foreign_job": { "is_drill": true, "duration": "PT15M" } }),
                1,
            )],
        )
        .recovery()
        .expect(Expected::up_showing("SERVER_IN_JOB: |in job drsjob-")),
        Case::new(
            "F20",
            "StartRecovery answers ServiceQuotaExceededException twice",
            "queued, the same attempt, then launched",
            vec![at_start(
                &json!({ "error": "ServiceQuotaExceededException" }),
                2,
            )],
        )
        .expect(Expected::up_showing("QUOTA")),
        Case::new(
            "F30",
            "the function is killed between StartRecovery and its save",
            "adopted by its tag; never a second job",
            vec![at_start(
                &json!({ "hold": "PT9S", "when": "after_commit" }),
                1,
            )],
        )
        .act(Act::Kill)
        .expect(Expected::up_showing(ADOPTED)),
    ]
}

fn of_refusals() -> Vec<Case> {
    vec![
        Case::new(
            "F18a",
            "pinned points have expired",
            "the product pins no points, so that this cannot hit it",
            vec![at_start(&json!({ "expire_points": true }), 1)],
        ),
        Case::new(
            "F18b",
            "DRS refuses one server of the second wave for good (ValidationException)",
            "that server FAILED with the reason, the rest of its wave launched; the drill FAILED",
            vec![json!({
                "when": { "op": "StartRecovery", "server": { "id": "{b1}" } },
                "do": { "error": "ValidationException" },
            })],
        )
        .expect(Expected {
            status: "FAILED",
            servers: ["LAUNCHED", "LAUNCHED", "FAILED", "LAUNCHED"],
            launches: [1, 1, 0, 1],
            shows: "",
        }),
        Case::new(
            "F18c",
            "DRS refuses one server of the second wave for good (409 without a word why)",
            "a few equal refusals, then that server FAILED, the rest of its wave launched",
            vec![json!({
                "when": { "op": "StartRecovery", "server": { "id": "{b1}" } },
                "do": { "error": "ConflictException" },
            })],
        )
        .expect(Expected {
            status: "FAILED",
            servers: ["LAUNCHED", "LAUNCHED", "FAILED", "LAUNCHED"],
            launches: [1, 1, 0, 1],
            shows: "",
        }),
        Case::new(
            "F19",
            "the Region is not initialised any more",
            "a clear refusal of the drill, before anything is locked",
            vec![region(&json!({ "error": "UninitializedAccountException" }))],
        )
        .in_a_region()
        .act(Act::Refused("COULD_NOT_VERIFY"))
        .expect(Expected {
            status: "refused",
            servers: [""; 4],
            launches: [0; 4],
            shows: "nitiali",
        }),
        Case::new(
            "F12b",
            "the caller lacks drs:CreateRecoveryInstanceForDrs",
            "FAILED, naming the permission",
            vec![json!({
                "when": {
                    "region": "{region}", "deny": ["drs:CreateRecoveryInstanceForDrs"],
                },
            })],
        )
        .in_a_region()
        .expect(Expected {
            status: "FAILED",
            servers: ["FAILED", "FAILED", "CANCELLED", "CANCELLED"],
            launches: [1, 1, 0, 0],
            shows: "CreateRecoveryInstanceForDrs",
        }),
    ]
}

fn of_regions() -> Vec<Case> {
    vec![
        Case::new(
            "F1a",
            "429 to six DescribeJobs and two StartRecovery",
            "back off; the plan is unaffected",
            vec![
                in_region("DescribeJobs", &throttled(), 6),
                in_region("StartRecovery", &throttled(), 2),
            ],
        )
        .in_a_region()
        .act(Act::Meanwhile),
        Case::new(
            "F1b",
            "429 to all of DRS when a drill is started",
            "what cannot be verified is not taken for fine (law 6): refused, nothing locked",
            vec![region(&throttled())],
        )
        .in_a_region()
        .act(Act::Refused("COULD_NOT_VERIFY"))
        .expect(Expected {
            status: "refused",
            servers: [""; 4],
            launches: [0; 4],
            shows: "Throttling",
        }),
        Case::new(
            "F21",
            "all reading is denied for 40 s while a job runs",
            "alive, says so, and goes on",
            vec![json!({ "when": { "region": "{region}", "deny": ["drs:Describe*"] } })],
        )
        .in_a_region()
        .act(Act::Outage(AWAY))
        .expect(Expected::up_showing(UNREACHABLE)),
        Case::new(
            "F22a",
            "the service's clock is ten minutes ahead for 40 s",
            "corrected by the SDK, or said; and it goes on",
            vec![region(&json!({ "clock_skew": "PT10M" }))],
        )
        .in_a_region()
        .act(Act::Outage(AWAY)),
        Case::new(
            "F22b",
            "signatures are refused for 40 s",
            "alive, says so, and goes on",
            vec![region(&json!({ "error": "InvalidSignatureException" }))],
        )
        .in_a_region()
        .act(Act::Outage(AWAY))
        .expect(Expected::up_showing(UNREACHABLE)),
        Case::new(
            "F22c",
            "the signatures of three launches are spoilt on their way (IncompleteSignature)",
            "about the caller and never about a server: tried again, then launched",
            vec![at_start(&json!({ "error": "IncompleteSignature" }), 3)],
        ),
        Case::new(
            "F29",
            "the Region does not answer for 40 s",
            "the wave waits and says so",
            vec![region(&json!({ "lose_response": "before_commit" }))],
        )
        .in_a_region()
        .act(Act::Outage(AWAY))
        .expect(Expected::up_showing(UNREACHABLE)),
    ]
}

fn of_answers() -> Vec<Case> {
    let after = "after_commit";
    let surprise = json!({ "surprise": {
        "set": { "/items/*/status": "PAUSED", "/items/*/mood": "good" },
        "remove": ["/items/*/tags", "/items/*/initiatedBy"],
        "fractional_seconds": true,
    } });
    vec![
        Case::new(
            "F16",
            "three listings show running jobs as they began",
            "merged forwards only",
            vec![in_region("DescribeJobs", &json!({ "stale": true }), 3)],
        )
        .in_a_region()
        .act(Act::Meanwhile),
        Case::new(
            "F25",
            "answers come after 12 s, never, and by half; so does one of StartRecovery",
            "time limits; the launch is adopted",
            vec![
                in_region("DescribeJobs", &json!({ "hold": "PT12S" }), 1),
                in_region("DescribeJobs", &json!({ "hang": after }), 1),
                in_region("DescribeJobs", &json!({ "half_response": after }), 1),
                in_region("StartRecovery", &json!({ "hang": after }), 1),
            ],
        )
        .in_a_region()
        .act(Act::Meanwhile),
        Case::new(
            "F26",
            "unknown values and members, fractions of seconds, members that are missing",
            "no panic; the next plain answer is understood",
            vec![
                in_region("DescribeJobs", &surprise, 3),
                in_region(
                    "DescribeSourceServers",
                    &json!({ "surprise": {
                        "set": { "/items/*/mood": "good" },
                        "remove": ["/items/*/tags"],
                        "fractional_seconds": true,
                    } }),
                    9,
                ),
            ],
        )
        .in_a_region()
        .act(Act::Meanwhile),
    ]
}

fn throttled() -> Value {
    json!({ "error": "ThrottlingException", "retry_after": 2 })
}

fn region(action: &Value) -> Value {
    json!({ "when": { "region": "{region}" }, "do": action })
}
