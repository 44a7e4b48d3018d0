//! The end of the clock: nothing hangs there, and what cannot be done is refused.

use crate::support::client::Client;
use crate::support::{FLEET, drill, start, until_completed, world};
use drs_simulator::World;
use serde_json::json;

const NEARLY_AT_THE_END: &str = "clock: { start: \"3999-12-31T23:59:00Z\" }\n";

#[test]
fn waiting_for_what_lies_behind_the_end_of_the_clock_ends() {
    let mut world = world(NEARLY_AT_THE_END);
    let job = start(&mut world, &drill([1])).unwrap();
    assert!(!world.advance_until(&until_completed(&job)));
    assert_eq!(world.next_event_at(), None);
    world.advance(std::time::Duration::MAX);
    assert_eq!(world.now(), World::LAST_MOMENT);
    assert!(!world.advance_until(&until_completed(&job)));
}

#[tokio::test]
async fn an_advance_beyond_the_end_of_the_clock_is_refused_and_changes_nothing() {
    let client = Client::of(&format!("{FLEET}{NEARLY_AT_THE_END}")).await;
    let before = client.sim("GET", "clock", "").await.body["now"].clone();
    let advance = async |body: &str| client.sim("POST", "clock/advance", body).await;
    for seconds in ["61", "100000000000", "1e19"] {
        let refused = advance(&format!("{{\"seconds\":{seconds}}}")).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        let sentence = "The clock ends at 4000-01-01T00:00:00Z; from 3999-12-31T23:59:00Z advance \
                        by at most 60 seconds.";
        assert_eq!(refused.body["message"], sentence);
    }
    assert_eq!(client.sim("GET", "clock", "").await.body["now"], before);
    assert_eq!(advance(r#"{"seconds":60}"#).await.status, 200);
    let start = json!({ "isDrill": true, "sourceServers": [{ "sourceServerID": crate::support::server(1) }] });
    assert_eq!(
        client.drs("StartRecovery", &start).await.unwrap().status,
        202
    );
    let waited = advance(r#"{"until":"job:*:COMPLETED"}"#).await;
    assert_eq!(waited.body["reached"], false, "{}", waited.text);
}
