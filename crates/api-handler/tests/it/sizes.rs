//! What an answer may have in bytes, with everything at its longest.

use std::collections::BTreeMap;

use domain::source_server::SourceServer;
use lambda_support::fakes;

use crate::support::Service;

/// Most bytes of any answer.
const ANSWER_BYTES_MAX: usize = 4_000_000;

/// As long as DRS and EC2 let a tag be, in letters of four bytes.
fn longest_tags() -> BTreeMap<String, String> {
    let key = |number: usize| format!("{number:02}{}", "🚑".repeat(62));
    let tags = (0..50).map(|number| (key(number), "🚑".repeat(128)));
    tags.collect()
}

#[tokio::test]
async fn every_page_of_source_servers_with_the_longest_tags_fits_an_answer() {
    let service = Service::new();
    for number in 1..=400 {
        service.bench.drs.put_server(SourceServer {
            hostname: Some(format!("{number:05}-{}", "\u{1}".repeat(240))),
            tags: longest_tags(),
            ..fakes::server(number)
        });
    }
    let (items, sizes) = service.all("/drs/source-servers?region=us-west-2").await;
    assert_eq!(items.len(), 400);
    let largest = sizes.iter().max().copied().unwrap_or_default();
    assert!(largest <= ANSWER_BYTES_MAX, "{largest}");
    assert!(
        largest > ANSWER_BYTES_MAX / 2,
        "{largest}: pages are larger than that"
    );
    println!(
        "source servers: {} pages, the largest {largest} bytes",
        sizes.len()
    );
}
