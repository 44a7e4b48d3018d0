//! The faults inside jobs, of servers and of instances.

use serde_json::json;

use super::{Act, Case, Expected, at_start, in_phase};

/// The cases.
pub fn cases() -> Vec<Case> {
    let mut cases = of_phases();
    cases.extend(of_endings());
    cases.extend(of_explanations());
    cases.extend(of_servers());
    cases.extend(of_clean_ups());
    cases.extend(of_what_is_up());
    cases
}

fn of_phases() -> Vec<Case> {
    vec![
        Case::new(
            "F6",
            "the snapshot fails and the previous point is used",
            "success with a warning",
            vec![in_phase(
                "snapshot",
                &json!({ "fall_back_to_previous": true }),
            )],
        )
        .expect(Expected::up_showing("USED_PREVIOUS_SNAPSHOT")),
        Case::new(
            "F7",
            "the snapshot fails for good",
            "the server FAILED; the drill stops",
            vec![in_phase(
                "snapshot",
                &json!({ "fail": "USING_PREVIOUS_SNAPSHOT_FAILED" }),
            )],
        )
        .expect(Expected::stopped("FAILED", "SNAPSHOT")),
        Case::new(
            "F8a",
            "two conversions fail, the third succeeds",
            "not final until launchStatus says so: success",
            vec![in_phase("conversion", &json!({ "attempts": 2 }))],
        ),
        Case::new(
            "F8b",
            "the conversion fails for good after three attempts",
            "the server FAILED; the drill stops",
            vec![in_phase(
                "conversion",
                &json!({ "attempts": 3, "fail": "CONVERSION_FAIL" }),
            )],
        )
        .expect(Expected::stopped("FAILED", "onversion|CONVERSION")),
        Case::new(
            "F9",
            "one launch fails; the operator retries the wave",
            "the wave's policy asks a person, the other server is kept, the retry launches one",
            vec![json!({
                "when": { "server": { "id": "{a1}" }, "phase": "launch" },
                "do": { "fail": "LAUNCH_FAILED", "raw_error": "InsufficientInstanceCapacity" },
                "times": 1,
            })],
        )
        .recovery()
        .act(Act::Retry)
        .expect(Expected {
            launches: [2, 1, 1, 1],
            ..Expected::up_showing("InsufficientInstanceCapacity")
        }),
        stuck(),
    ]
}

fn stuck() -> Case {
    let mut case = Case::new(
        "F10",
        "a server is IN_PROGRESS for ever; the wave's limit is a minute",
        "a time limit, never \"completed\"",
        vec![in_phase("conversion", &json!({ "stall": "forever" }))],
    )
    .expect(Expected {
        status: "TIMED_OUT",
        servers: ["UNKNOWN", "LAUNCHED", "CANCELLED", "CANCELLED"],
        launches: [1, 1, 0, 0],
        shows: "",
    });
    case.first_wave = json!({ "timeLimitMinutes": 1, "onFailure": "STOP" });
    case
}

fn of_endings() -> Vec<Case> {
    let silently = |server: &str| {
        json!({ "when": { "server": { "id": server }, "phase": "conversion" },
                "do": { "fail_silently": true } })
    };
    vec![
        Case::new(
            "F11",
            "the job is COMPLETED with a server still IN_PROGRESS",
            "some more looks, then UNKNOWN, which counts as not launched",
            vec![in_phase("launch", &json!({ "leave_in_progress": true }))],
        )
        .expect(Expected::stopped("UNKNOWN", "without a result")),
        Case::new(
            "F12a",
            "the job is COMPLETED, no server is launched, and its log ends early",
            "FAILED, with a hint at permissions",
            vec![silently("{a1}"), silently("{a2}")],
        )
        .expect(Expected {
            status: "FAILED",
            servers: ["FAILED", "FAILED", "CANCELLED", "CANCELLED"],
            launches: [1, 1, 0, 0],
            shows: "permission",
        }),
        Case::new(
            "F13",
            "the job shows no servers for ten seconds",
            "wait",
            vec![at_start(&json!({ "hide_participants": "PT10M" }), 1)],
        ),
        Case::new(
            "F14a",
            "the job cannot be seen for ten seconds",
            "not taken for absent",
            vec![at_start(&json!({ "hide_job": "PT10M" }), 1)],
        ),
        Case::new(
            "F14b",
            "the answer is lost and the job cannot be seen for ten seconds",
            "not taken for absent, adopted when it shows",
            vec![at_start(
                &json!({ "hide_job": "PT10M", "lose_response": "after_commit" }),
                1,
            )],
        )
        .expect(Expected::up_showing("ADOPTED|adopted")),
        Case::new(
            "F15",
            "the job vanishes after two seconds",
            "what became of the servers is found from their last launch and their instances",
            vec![at_start(&json!({ "vanish_after": "PT2M" }), 1)],
        ),
    ]
}

/// The result of one server of the second wave, and what explains it.
fn of_explanations() -> Vec<Case> {
    vec![
        Case::new(
            "F12d",
            "one launch fails, and the logs of jobs cannot be read",
            "the result stands, and says that its log could not be read",
            vec![
                json!({ "when": { "server": { "id": "{b1}" }, "phase": "launch" },
                        "do": { "fail": "LAUNCH_FAILED" } }),
                json!({ "when": { "op": "DescribeJobLogItems", "region": "{region}" },
                        "do": { "error": "ThrottlingException", "retry_after": 1 } }),
            ],
        )
        .in_a_region()
        .expect(Expected {
            status: "FAILED",
            servers: ["LAUNCHED", "LAUNCHED", "FAILED", "LAUNCHED"],
            launches: [1; 4],
            shows: "log",
        }),
        Case::new(
            "F12e",
            "the job is COMPLETED and has left one server of the second wave out",
            "FAILED with DRS's reason",
            vec![json!({
                "when": { "server": { "id": "{b1}" }, "phase": "snapshot" },
                "do": { "fail": "SERVER_SKIPPED", "raw_error": "The source server was archived." },
            })],
        )
        .expect(Expected {
            status: "FAILED",
            servers: ["LAUNCHED", "LAUNCHED", "FAILED", "LAUNCHED"],
            launches: [1; 4],
            shows: "archived",
        }),
    ]
}

fn of_servers() -> Vec<Case> {
    let stalled = json!({ "state": "STALLED", "lag": "PT20M" });
    let mut refused = Case::new(
        "F17a",
        "a server is STALLED before a drill",
        "the drill is refused, and names it",
        Vec::new(),
    )
    .act(Act::Refused("SERVERS_NOT_RECOVERABLE"))
    .expect(Expected {
        status: "refused",
        servers: [""; 4],
        launches: [0; 4],
        shows: "{a1}",
    });
    refused.servers = vec![("{a1}", stalled.clone())];
    let mut allowed = Case::new(
        "F17b",
        "a server is STALLED before a recovery",
        "the recovery goes on, with a warning",
        Vec::new(),
    )
    .recovery()
    .expect(Expected::up_showing("USED_PREVIOUS_SNAPSHOT|STALLED"));
    allowed.servers = vec![("{a1}", stalled.clone())];
    let mut gone = Case::new(
        "F17c",
        "a server is DISCONNECTED before a recovery; the operator goes on without it",
        "taken out with its reason before it spoils the batch; a person decides",
        Vec::new(),
    )
    .recovery()
    .act(Act::GoOnWithout)
    .expect(Expected {
        status: "PARTIAL",
        servers: ["FAILED", "LAUNCHED", "LAUNCHED", "LAUNCHED"],
        launches: [0, 1, 1, 1],
        shows: "isconnected|DISCONNECTED",
    });
    gone.servers = vec![("{a1}", json!({ "state": "DISCONNECTED" }))];
    let meanwhile = Case::new(
        "F17d",
        "the servers stall in the moment of the launch",
        "the launch goes on with what DRS has, with a warning",
        vec![at_start(&json!({ "set_servers": stalled }), 1)],
    );
    vec![refused, allowed, gone, meanwhile]
}

fn of_clean_ups() -> Vec<Case> {
    let cleaned = |shows| Expected {
        status: "COMPLETED/DONE",
        servers: [""; 4],
        shows,
        ..Expected::ALL_UP
    };
    vec![
        Case::new(
            "F23",
            "an instance is ended by hand before the clean-up",
            "DRS is asked to remove its record too, and the clean-up is done when none is left",
            Vec::new(),
        )
        .act(Act::EndInstance)
        .expect(cleaned("ALREADY_GONE")),
        Case::new(
            "F24a",
            "a terminate request is refused once, and the end of one instance fails once",
            "tried again, instance by instance, until nothing is left",
            vec![
                json!({ "when": { "op": "TerminateRecoveryInstances", "server": { "id": "{a1}" } },
                        "do": { "error": "ConflictException" }, "times": 1 }),
                json!({ "when": { "server": { "id": "{b1}" }, "phase": "terminate" },
                        "do": { "fail": "CLEANUP_FAIL" }, "times": 1 }),
            ],
        )
        .act(Act::CleanUp)
        .expect(cleaned("")),
        Case::new(
            "F24b",
            "an instance is protected from termination",
            "refused with EC2's words; the rest is terminated, and the clean-up says what is left",
            vec![
                json!({ "when": { "server": { "id": "{a1}" }, "phase": "terminate" },
                         "do": { "fail": "CLEANUP_FAIL", "raw_error": "OperationNotPermitted" } }),
            ],
        )
        .act(Act::CleanUpWith(1))
        .expect(Expected {
            status: "COMPLETED/INCOMPLETE",
            ..cleaned("OperationNotPermitted")
        }),
        Case::new(
            "F12c",
            "EC2 launches a server and DRS cannot register it",
            "the machine is named, the rest is terminated, and the clean-up says what EC2 runs",
            vec![in_phase(
                "launch",
                &json!({ "fail": "LAUNCH_FAILED", "orphan": true,
                         "raw_error": "AccessDeniedException when calling the \
                                       CreateRecoveryInstanceForDrs operation" }),
            )],
        )
        .act(Act::CleanUpWith(0))
        .expect(Expected {
            status: "FAILED/INCOMPLETE",
            ..Expected::stopped("FAILED", "which DRS does not list; end it by hand")
        }),
    ]
}

/// What is up, and not well.
fn of_what_is_up() -> Vec<Case> {
    vec![
        Case::new(
            "F27",
            "an action after the launch fails, another never ends",
            "LAUNCHED is what DRS says; judging actions (P4) is not built",
            vec![in_phase(
                "launch",
                &json!({ "launch_actions": [
                    { "name": "check", "status": "FAILED" },
                    { "name": "register", "status": "IN_PROGRESS" },
                ] }),
            )],
        ),
        Case::new(
            "F28",
            "the instance is up and fails EC2's status checks",
            "LAUNCHED is what DRS says; a health gate after a wave (P4) is not built",
            vec![in_phase("launch", &json!({ "impaired": true }))],
        ),
    ]
}
