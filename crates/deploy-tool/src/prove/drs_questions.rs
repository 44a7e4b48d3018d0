//! Looks at DRS for the questions that its documentation leaves open. None of them changes anything,
//! and none of them decides about a step: what could not be looked at is written down as that.

use anyhow::Result;
use deployment::error::Failure;
use deployment::proving::{CallAnswer, FirstPage, More, Proving, SeenJob, SeenLogItem};
use serde_json::Value;

use super::Files;
use super::observation::{Observation, note};
use super::prover::{Prover, place};
use super::record::Chosen;
use crate::clock;

/// A server that no account has: DRS gives ids of digits that are not all the same.
const UNKNOWN: &str = "s-00000000000000000";

const PAGE_OF_SERVERS: &str = "default page size of DescribeSourceServers";
const PAGE_OF_LOG: &str = "default page size of DescribeJobLogItems";
const UNKNOWN_LISTED: &str = "what DescribeSourceServers answers for an unknown server";
const UNKNOWN_READ: &str = "what GetLaunchConfiguration answers for an unknown server";
const VISIBILITY: &str = "how long a job that the product knows is missing from DescribeJobs";
const INITIATED_BY: &str = "initiatedBy of the job of a drill";
const ORDER: &str = "order of a job's log";
const EVENTS: &str = "events in the log of a launch job";
const CLEANUP: &str = "whether the log of a launch job says that earlier instances are cleaned up";
const TAGS: &str = "tags of a recovery instance, as DRS tells them";
const EC2_TAGS: &str = "tags of the EC2 instance";
const LAUNCH_JOB_AFTER: &str = "participatingServers of the launch job after the termination";
const TERMINATE_JOB_AFTER: &str = "participatingServers of the terminate job after its end";

impl Prover<'_> {
    /// Page sizes, and an unknown server.
    pub(super) async fn look_at_listings(&self, files: &mut Files, chosen: &Chosen) -> Result<()> {
        let endpoint = self.drs_endpoint().await?;
        let place = place(&chosen.region, endpoint.as_ref());
        let evidence = format!("a request without maxResults in {}", chosen.region);
        let page = self.cloud().first_page_of_servers(place).await;
        put(files, of_page(PAGE_OF_SERVERS, page, &evidence));
        let evidence = format!("a request about {UNKNOWN} in {}", chosen.region);
        let listed = self.cloud().describe_server(place, UNKNOWN).await;
        put(files, of_answer(UNKNOWN_LISTED, listed, &evidence));
        let read = self.cloud().launch_configuration(place, UNKNOWN).await;
        put(files, of_answer(UNKNOWN_READ, read, &evidence));
        files.keep()
    }

    /// Once the product names the job: whether DRS lists it to this caller too, and since when.
    pub(super) async fn look_for_the_job(&self, files: &mut Files, view: &Value) -> Result<()> {
        let has_answer = files
            .record
            .observations
            .iter()
            .any(|one| one.question == VISIBILITY);
        let (Some(job), Some(chosen), false) = (
            view["waves"][0]["jobs"][0]["jobId"].as_str(),
            files.record.chosen.clone(),
            has_answer,
        ) else {
            return Ok(());
        };
        let endpoint = self.drs_endpoint().await?;
        let place = place(&chosen.region, endpoint.as_ref());
        let evidence = format!(
            "{job}, looked for when the API first named it, at {}",
            clock::now()
        );
        let new = match self.cloud().job(place, job).await {
            Ok(Some(_)) => Observation::new(VISIBILITY, "not at all: it was there", evidence),
            Ok(None) => Observation::new(
                VISIBILITY,
                "it was not there yet at the first look",
                evidence,
            ),
            Err(failure) => unseen(VISIBILITY, &failure),
        };
        put(files, new);
        files.keep()
    }

    /// The job and its log, and the instance, as long as it is there.
    pub(super) async fn look_at_the_launch(
        &self,
        files: &mut Files,
        chosen: &Chosen,
        job: &str,
    ) -> Result<()> {
        if job.is_empty() {
            return Ok(());
        }
        let endpoint = self.drs_endpoint().await?;
        let place = place(&chosen.region, endpoint.as_ref());
        put(files, of_initiator(self.cloud().job(place, job).await, job));
        match self.cloud().job_log(place, job).await {
            Ok(items) => {
                put(files, of_order(&items, job));
                put(files, of_events(&items, job));
                put(files, of_cleanup(&items, job));
            }
            Err(failure) => {
                put(files, unseen(ORDER, &failure));
                put(files, unseen(EVENTS, &failure));
                put(files, unseen(CLEANUP, &failure));
            }
        }
        let page = self.cloud().first_page_of_log(place, job).await;
        put(files, of_page(PAGE_OF_LOG, page, job));
        match self.cloud().instance(place, &chosen.server).await {
            Ok(Some(instance)) => {
                let tags = instance.tags.iter();
                let tags: Vec<String> = tags
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                let answer = if tags.is_empty() {
                    "none".to_owned()
                } else {
                    tags.join(", ")
                };
                put(files, Observation::new(TAGS, answer, &instance.id));
                let command = format!(
                    "aws ec2 describe-tags --region {} --filters Name=resource-id,Values={}",
                    chosen.region, instance.ec2_instance
                );
                let answer = "not looked at: this tool brings no client of EC2";
                put(files, Observation::new(EC2_TAGS, answer, command));
            }
            Ok(None) => put(files, Observation::new(TAGS, "DRS shows no instance", job)),
            Err(failure) => put(files, unseen(TAGS, &failure)),
        }
        files.keep()
    }

    /// Both jobs once more.
    pub(super) async fn look_at_the_end(&self, files: &mut Files, view: &Value) -> Result<()> {
        let Some(chosen) = files.record.chosen.clone() else {
            return Ok(());
        };
        let endpoint = self.drs_endpoint().await?;
        let place = place(&chosen.region, endpoint.as_ref());
        if let Some(job) = view["waves"][0]["jobs"][0]["jobId"].as_str() {
            let seen = self.cloud().job(place, job).await;
            put(files, of_servers(LAUNCH_JOB_AFTER, seen, job, None));
        }
        if let Some(job) = view["cleanUp"]["jobs"][0]["jobId"].as_str() {
            let seen = self.cloud().job(place, job).await;
            let member = Some("switches.empty_terminate_jobs");
            put(files, of_servers(TERMINATE_JOB_AFTER, seen, job, member));
        }
        files.keep()
    }
}

fn put(files: &mut Files, new: Observation) {
    note(&mut files.record.observations, new);
}

fn unseen(question: &str, failure: &Failure) -> Observation {
    Observation::new(question, "could not be looked at", failure.to_string())
}

fn of_page(question: &str, page: Result<FirstPage, Failure>, evidence: &str) -> Observation {
    match page {
        Ok(FirstPage { items, more }) => match more {
            More::Follows => {
                let seen = Observation::new(question, items.to_string(), evidence);
                if question == PAGE_OF_SERVERS {
                    seen.saying("page_size", &items)
                } else {
                    seen
                }
            }
            More::Nothing => {
                let answer = format!("at least {items}: there was one page");
                Observation::new(question, answer, evidence)
            }
        },
        Err(failure) => unseen(question, &failure),
    }
}

fn of_answer(question: &str, said: Result<CallAnswer, Failure>, evidence: &str) -> Observation {
    match said {
        Ok(CallAnswer::Items(0)) => Observation::new(question, "an empty list", evidence),
        Ok(CallAnswer::Items(items)) => {
            Observation::new(question, format!("{items} items"), evidence)
        }
        Ok(CallAnswer::Refused(words)) => Observation::new(question, words, evidence),
        Err(failure) => unseen(question, &failure),
    }
}

fn of_initiator(seen: Result<Option<SeenJob>, Failure>, job: &str) -> Observation {
    match seen {
        Ok(Some(seen)) => {
            let says = seen.initiated_by == "START_DRILL";
            Observation::new(INITIATED_BY, seen.initiated_by, job)
                .saying("switches.drills_say_start_drill", &says)
        }
        Ok(None) => Observation::new(INITIATED_BY, "DRS does not show the job", job),
        Err(failure) => unseen(INITIATED_BY, &failure),
    }
}

/// RFC 3339 in one zone: texts in the order of their times.
fn of_order(items: &[SeenLogItem], job: &str) -> Observation {
    let mut times = items.iter().map(|item| item.at.as_str());
    let (first, last) = (times.next(), times.next_back());
    let evidence = format!("{} items of {job}", items.len());
    match (first, last) {
        (Some(first), Some(last)) if first > last => {
            Observation::new(ORDER, "newest first", evidence)
                .saying("switches.newest_log_first", &true)
        }
        (Some(first), Some(last)) if first < last => {
            Observation::new(ORDER, "oldest first", evidence)
                .saying("switches.newest_log_first", &false)
        }
        (Some(_) | None, Some(_) | None) => {
            Observation::new(ORDER, "cannot be told from these items", evidence)
        }
    }
}

fn of_events(items: &[SeenLogItem], job: &str) -> Observation {
    let mut events: Vec<&str> = Vec::new();
    for item in items {
        if !events.contains(&item.event.as_str()) {
            events.push(&item.event);
        }
    }
    let has_launch_end = events.contains(&"LAUNCH_END");
    Observation::new(EVENTS, events.join(", "), job)
        .saying("switches.launch_end_event", &has_launch_end)
}

fn of_cleanup(items: &[SeenLogItem], job: &str) -> Observation {
    let says = items.iter().any(|item| item.event.starts_with("CLEANUP_"));
    let answer = if says { "it does" } else { "it does not" };
    Observation::new(CLEANUP, answer, job).saying("switches.cleanup_events", &says)
}

fn of_servers(
    question: &str,
    seen: Result<Option<SeenJob>, Failure>,
    job: &str,
    member: Option<&str>,
) -> Observation {
    match seen {
        Ok(Some(seen)) => {
            let servers = seen.participating.iter();
            let servers: Vec<String> = servers
                .map(|(server, status)| format!("{server} {status}"))
                .collect();
            let is_empty = servers.is_empty();
            let answer = if is_empty {
                "empty".to_owned()
            } else {
                servers.join(", ")
            };
            let evidence = format!("{job}, {} and {}", seen.kind, seen.status);
            let one = Observation::new(question, answer, evidence);
            match member {
                Some(path) => one.saying(path, &is_empty),
                None => one,
            }
        }
        Ok(None) => Observation::new(question, "DRS does not show the job", job),
        Err(failure) => unseen(question, &failure),
    }
}
