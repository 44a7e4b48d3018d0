//! The fault matrix: one execution for each fault that DRS can have, with what must come of it written down
//! beforehand, and what came of it told in a table.
//!
//! `COMPLETED` is not what every fault should end in; `expected` says what is, and why.

pub mod calls;
pub mod dependency_faults;
pub mod jobs;
pub mod report;
pub mod run;
pub mod storms;

use serde_json::{Value, json};

/// A fault, the execution that meets it, and what must come of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its number in the catalogue of faults, with a letter where it is tried in several ways.
    pub fault: &'static str,
    /// What goes wrong.
    pub what: &'static str,
    /// What must come of it, in words.
    pub must: &'static str,
    /// Whose fault it is.
    pub scope: Scope,
    /// `DRILL` or `RECOVERY`.
    pub kind: &'static str,
    /// Further members of the first wave.
    pub first_wave: Value,
    /// Changes of servers before the start, by placeholder.
    pub servers: Vec<(&'static str, Value)>,
    /// The simulator's rules; `{a1}`, `{a2}`, `{b1}`, `{b2}` and `{region}` are filled in.
    pub rules: Vec<Value>,
    /// What is done meanwhile.
    pub act: Act,
    /// What must be seen.
    pub expected: Expected,
}

/// Whom a fault hits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Its own servers, beside the others.
    Servers,
    /// A whole Region, which is the case's own.
    Region,
}

/// What is done while it runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Act {
    /// Nothing: the rules stand from the start.
    Watch,
    /// It is not even accepted; this is the refusal's code.
    Refused(&'static str),
    /// The rules come once the first job runs.
    Meanwhile,
    /// The same, and they go after so many seconds.
    Outage(u64),
    /// The first wave's failed servers are launched again.
    Retry,
    /// The failure is accepted, and it goes on without.
    GoOnWithout,
    /// The rules come after the end, and then the drill is cleaned up.
    CleanUp,
    /// The first server's instance is ended by hand after the end, and then it is cleaned up.
    EndInstance,
    /// It is cleaned up, whatever it ended as; this many instances are left alive in DRS.
    CleanUpWith(usize),
    /// The orchestration function is killed once the first launch has taken effect.
    Kill,
}

/// What must be seen in the end.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The status of the execution; with a clean-up, that of the clean-up after a slash.
    pub status: &'static str,
    /// The statuses of the servers a1, a2, b1, b2; any where it is empty.
    pub servers: [&'static str; 4],
    /// How many `StartRecovery` that took effect named each of them.
    pub launches: [usize; 4],
    /// Texts of which one (between bars) must have been shown meanwhile or in the end.
    pub shows: &'static str,
}

/// The whole table, in its order.
pub fn cases() -> Vec<Case> {
    let mut cases = calls::cases();
    cases.extend(jobs::cases());
    cases.sort_by_key(|case| {
        let number: String = case.fault.chars().filter(char::is_ascii_digit).collect();
        (number.parse().unwrap_or(u32::MAX), case.fault)
    });
    cases
}

const UP: [&str; 4] = ["LAUNCHED"; 4];
const ONCE: [usize; 4] = [1; 4];

impl Expected {
    /// All are launched, each once.
    const ALL_UP: Self = Self {
        status: "COMPLETED",
        servers: UP,
        launches: ONCE,
        shows: "",
    };

    /// All are launched, each once, and one of these texts was shown.
    const fn up_showing(shows: &'static str) -> Self {
        Self {
            shows,
            ..Self::ALL_UP
        }
    }

    /// The first server is not launched, which stops a drill before its second wave.
    const fn stopped(first: &'static str, shows: &'static str) -> Self {
        Self {
            status: "FAILED",
            servers: [first, "LAUNCHED", "CANCELLED", "CANCELLED"],
            launches: [1, 1, 0, 0],
            shows,
        }
    }
}

impl Case {
    /// A drill whose fault is about its own servers, and that ends well all the same.
    fn new(fault: &'static str, what: &'static str, must: &'static str, rules: Vec<Value>) -> Self {
        Self {
            fault,
            what,
            must,
            scope: Scope::Servers,
            kind: "DRILL",
            first_wave: json!({}),
            servers: Vec::new(),
            rules,
            act: Act::Watch,
            expected: Expected::ALL_UP,
        }
    }

    fn in_a_region(mut self) -> Self {
        self.scope = Scope::Region;
        self
    }

    fn recovery(mut self) -> Self {
        self.kind = "RECOVERY";
        self
    }

    fn act(mut self, act: Act) -> Self {
        self.act = act;
        self
    }

    fn expect(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }
}

/// A rule about a `StartRecovery` that names the first server.
fn at_start(action: &Value, times: u32) -> Value {
    json!({ "when": { "op": "StartRecovery", "server": { "id": "{a1}" } }, "do": action,
            "times": times })
}

/// A rule about a phase of the first server.
fn in_phase(phase: &str, action: &Value) -> Value {
    json!({ "when": { "server": { "id": "{a1}" }, "phase": phase }, "do": action })
}

/// A rule about an operation in the case's own Region.
fn in_region(operation: &str, action: &Value, times: u32) -> Value {
    json!({ "when": { "op": operation, "region": "{region}" }, "do": action, "times": times })
}
