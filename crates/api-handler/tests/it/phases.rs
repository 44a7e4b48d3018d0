//! The timeline of an execution: waves and holds at a glance, servers on demand.

use domain::{ExecutionId, JobId, SourceServerId};
use engine::phases::MOMENTS_MAX;
use engine::ports::ExecutionStore;
use engine::ports::drs::JobLogEntry;
use serde_json::Value;

use crate::support::{Service, get};

/// Most bytes of what the console asks for with each version of an execution.
const TIMELINE_BYTES_MAX: usize = 200_000;

fn entry(seconds: i64, event: &str, server: &SourceServerId) -> JobLogEntry {
    JobLogEntry {
        at: jiff::Timestamp::from_second(1_760_000_000 + seconds).ok(),
        event: event.into(),
        server: Some(server.clone()),
        conversion_server: None,
        instance: None,
        error: None,
        attempt: None,
    }
}

/// A drill whose first job has said this of each of its servers.
async fn launching(service: &Service, events: &[(i64, &str)]) -> (ExecutionId, String) {
    let plan = service.shop().await;
    let id = service.drill(&plan).await;
    service.drive(&id).await;
    let execution = service.execution(&id).await;
    let wave = &execution["waves"][0];
    let job: JobId = text(&wave["jobs"][0]["jobId"])
        .parse()
        .expect("the id of a job");
    let servers = wave["servers"].as_array().expect("its servers");
    let log: Vec<JobLogEntry> = servers
        .iter()
        .map(|server| {
            text(&server["sourceServerId"])
                .parse::<SourceServerId>()
                .expect("the id of a server")
        })
        .flat_map(|server| {
            events
                .iter()
                .map(move |(at, event)| entry(*at, event, &server))
        })
        .collect();
    let typed: ExecutionId = id.parse().expect("its id");
    let store = &service.bench.store;
    store
        .put_job_log(&typed, &job, &log)
        .await
        .expect("the tables do not fail");
    (typed, text(&wave["key"]).to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[tokio::test]
async fn a_wave_tells_how_many_of_its_servers_are_in_which_phase() {
    let service = Service::new();
    let events = [
        (10, "SNAPSHOT_START"),
        (20, "SNAPSHOT_END"),
        (20, "LAUNCH_START"),
    ];
    let (id, wave) = launching(&service, &events).await;
    let reply = service
        .send(&get(&format!("/executions/{id}/phases")))
        .await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let first = &reply.body["waves"][0];
    assert_eq!(first["waveKey"], wave.as_str());
    assert_eq!(first["goes"].as_array().map(Vec::len), Some(1));
    assert!(first["goes"][0]["endedAt"].is_null(), "{first}");
    let moments = first["moments"].as_array().unwrap();
    let count = service.execution(&id.to_string()).await["waves"][0]["servers"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(moments[0]["snapshot"], count);
    assert_eq!(
        (&moments[1]["snapshot"], &moments[1]["launch"]),
        (&0.into(), &count.into())
    );
    assert!(moments.len() <= MOMENTS_MAX);
    assert!(reply.bytes < TIMELINE_BYTES_MAX, "{}", reply.bytes);
}

#[tokio::test]
async fn each_server_of_a_wave_has_its_phases_and_pages_leave_none_out() {
    let service = Service::new();
    let events = [(10, "CONVERSION_START"), (20, "CONVERSION_FAIL")];
    let (id, wave) = launching(&service, &events).await;
    let path = format!("/executions/{id}/server-phases?waveKey={wave}");
    let whole = service.send(&get(&path)).await.body["items"].clone();
    let execution = service.execution(&id.to_string()).await;
    let servers = execution["waves"][0]["servers"].as_array().unwrap();
    assert_eq!(whole.as_array().map(Vec::len), Some(servers.len()));
    for item in whole.as_array().unwrap() {
        let phases = item["phases"].as_array().unwrap();
        assert_eq!(phases.len(), 1, "{item}");
        assert_eq!(phases[0]["phase"], "CONVERSION");
        assert_eq!(phases[0]["failed"], true);
    }
    let (paged, _) = service.all(&format!("{path}&maxResults=1")).await;
    assert_eq!(Value::from(paged), whole);
}

#[tokio::test]
async fn the_servers_of_a_wave_that_is_not_there_are_a_fault_of_the_question() {
    let service = Service::new();
    let (id, _) = launching(&service, &[]).await;
    for (query, code) in [("", "REQUIRED"), ("?waveKey=other", "UNKNOWN_WAVE")] {
        let path = format!("/executions/{id}/server-phases{query}");
        let reply = service.send(&get(&path)).await;
        assert_eq!(reply.status, 400, "{:?}", reply.body);
        assert_eq!(reply.faults(), [("waveKey".to_owned(), code.to_owned())]);
    }
}
