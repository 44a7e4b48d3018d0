//! The panic hook, in a process of its own: it is the only thing that runs after a panic in
//! the release build, which ends at once.

use std::process::Command;
use std::sync::Arc;

use frontend_builder::answer::Debt;
use frontend_builder::aws::ResponseUrlAnswers;
use frontend_builder::event::Addressee;
use frontend_builder::supervise::answer_on_panic;

use crate::fakes::event;
use crate::over_http::Server;

/// Set for the child alone; it holds the address that takes the answer.
const ADDRESS: &str = "FRONTEND_BUILDER_TEST_RESPONSE_URL";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_panic_is_answered_by_the_hook_before_the_process_ends() {
    if let Some(address) = std::env::var_os(ADDRESS) {
        panic_while_owing(&address.into_string().unwrap());
    }
    let server = Server::start(|_| (200, String::new())).await;
    let address = format!("{}/answer?Signature=s3cr3t", server.address);
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("panicking::a_panic_is_answered_by_the_hook_before_the_process_ends")
            .env(ADDRESS, address)
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(!child.status.success());
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].line, "PUT /answer?Signature=s3cr3t");
    let answer: serde_json::Value = serde_json::from_slice(&requests[0].body).unwrap();
    assert_eq!(answer["Status"], "FAILED");
    assert_eq!(answer["RequestId"], "request-1");
    let output = [child.stdout, child.stderr].concat();
    assert!(!String::from_utf8_lossy(&output).contains("s3cr3t"));
}

fn panic_while_owing(address: &str) -> ! {
    let debt = Debt::default();
    let mut event = event("Create", "k");
    event["ResponseURL"] = address.into();
    debt.open(Addressee::from_event(&event).unwrap());
    answer_on_panic(debt, || ResponseUrlAnswers::connect() as Arc<_>);
    panic!("a defect");
}
