//! What the product says of DRS: servers of all pages, Regions without DRS, quotas, health.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use end_to_end::emulator::{members, text};
use end_to_end::{Fleet, GroupDraft, Role, Stack};
use serde_json::json;

#[tokio::test]
async fn source_servers_of_all_pages_are_listed_with_how_they_replicate() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Viewer).await?;
    let listing = api
        .get("/drs/source-servers?region=us-east-1")
        .await?
        .expect(200)?;
    ensure!(listing["initialized"] == json!(true), "{listing}");
    let items = members(&listing, "items");
    ensure!(items.len() == 45, "{} servers instead of 45", items.len());
    for item in items {
        ensure!(text(item, "sourceServerId").starts_with("s-e2f"), "{item}");
        ensure!(text(item, "hostname").starts_with("listed-"), "{item}");
        ensure!(text(item, "replicationState") == "CONTINUOUS", "{item}");
        ensure!(item["lagSeconds"].is_number(), "{item}");
        ensure!(item["tags"]["pool"] == json!("listing"), "{item}");
    }
    Ok(())
}

#[tokio::test]
async fn a_server_of_a_group_is_listed_with_its_group() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let fleet = Fleet::take(&stack, 1).await?;
    let group = GroupDraft::open(&fleet.servers).create(&api).await?;
    let listing = api
        .all("/drs/source-servers?region=us-west-2&maxResults=300")
        .await?;
    let item = listing
        .iter()
        .find(|item| text(item, "sourceServerId") == fleet.servers[0]);
    ensure!(
        item.is_some_and(|item| text(item, "protectionGroupId") == group),
        "{item:?} instead of {group}"
    );
    Ok(())
}

#[tokio::test]
async fn a_region_without_drs_is_a_state_and_no_error() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Viewer).await?;
    let listing = api
        .get("/drs/source-servers?region=eu-west-1")
        .await?
        .expect(200)?;
    ensure!(listing["initialized"] == json!(false), "{listing}");
    ensure!(members(&listing, "items").is_empty(), "{listing}");
    let quotas = api.get("/drs/quotas?region=eu-west-1").await?.expect(200)?;
    ensure!(quotas["initialized"] == json!(false), "{quotas}");
    Ok(())
}

#[tokio::test]
async fn quotas_and_health_are_told() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Viewer).await?;
    let quotas = api.get("/drs/quotas?region=us-west-2").await?.expect(200)?;
    let told = quotas.to_string();
    ensure!(told.contains("20") && told.contains("500"), "{quotas}");
    stack.api_with(None).get("/health").await?.expect(200)?;
    Ok(())
}

#[tokio::test]
async fn source_servers_of_many_pages_are_each_listed_once_in_one_order() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::Viewer).await?;
    let whole = api.all("/drs/source-servers?region=us-west-2").await?;
    let paged = api
        .all("/drs/source-servers?region=us-west-2&maxResults=150")
        .await?;
    let ids = |items: &[serde_json::Value]| -> Vec<String> {
        let ids = items
            .iter()
            .map(|item| text(item, "sourceServerId").clone());
        ids.collect()
    };
    ensure!(ids(&whole) == ids(&paged), "the order depends on the pages");
    let different: BTreeSet<String> = ids(&paged).into_iter().collect();
    ensure!(different.len() == 1_600, "{} servers", different.len());
    Ok(())
}

#[tokio::test]
async fn why_a_region_cannot_be_used_is_told_where_it_is_named() -> Result<()> {
    let stack = Stack::of_environment()?;
    let api = stack.api(Role::DrillOperator).await?;
    let cases = [
        ("il-central-1", "REGION_NOT_ENABLED"),
        ("us-gov-west-1", "REGION_OF_ANOTHER_PARTITION"),
        ("us-wst-2", "UNKNOWN_REGION"),
        ("cn-north-1", "DRS_NOT_OFFERED"),
    ];
    for (region, code) in cases {
        let mut draft = GroupDraft::open(&["s-e2e00000000000001".to_owned()]);
        draft.body["region"] = json!(region);
        let answers = [
            api.get(&format!("/drs/source-servers?region={region}"))
                .await?,
            api.get(&format!("/drs/quotas?region={region}")).await?,
            api.post("/protection-groups", &draft.body).await?,
        ];
        for answer in answers {
            answer.check_problem()?;
            let problem = answer.expect(400)?;
            let fault = members(&problem, "faults")
                .first()
                .cloned()
                .unwrap_or_default();
            ensure!(text(&fault, "path") == "region", "{problem}");
            ensure!(text(&fault, "code") == code, "{problem}");
        }
    }
    Ok(())
}
