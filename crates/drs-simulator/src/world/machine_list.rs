//! The lists of EC2: instances and their status, with the filters that people use, page by page.

use super::World;
use super::instance::Instance;
use super::machine_view::{code_and_name, state};
use super::site::Site;
use crate::error::ApiError;
use crate::wire::ec2::{DescribeInstanceStatusRequest, DescribeInstancesRequest, Filter};
use crate::wire::recovery_instance::Ec2InstanceState;
use serde_json::{Map, Value, json};

/// The values of an instance that a filter of this name compares.
type Compared = Option<Vec<String>>;

impl World {
    pub(super) fn list_machines(
        &self,
        site: usize,
        request: &DescribeInstancesRequest,
    ) -> Result<Value, ApiError> {
        let wanted = &request.instance_ids;
        let paging = (
            request.max_results.as_deref(),
            request.next_token.as_deref(),
        );
        let (machines, next_token) = self.machine_page(
            "DescribeInstances",
            site,
            wanted,
            &request.filters,
            paging,
            |_| true,
        )?;
        let Some(place) = self.sites.get(site) else {
            return Ok(json!({ "reservationSet": [] }));
        };
        let reservation = |instance: &&Instance| {
            json!({
                "reservationId": format!("r-{}", instance.id.trim_start_matches("i-")),
                "ownerId": place.account,
                "groupSet": [],
                "instancesSet": [instance.to_ec2(place)],
            })
        };
        let reservations: Vec<_> = machines.iter().map(reservation).collect();
        Ok(page("reservationSet", reservations, next_token))
    }

    pub(super) fn list_machine_statuses(
        &self,
        site: usize,
        request: &DescribeInstanceStatusRequest,
    ) -> Result<Value, ApiError> {
        let all = request.include_all.as_deref() == Some("true");
        let wanted = &request.instance_ids;
        let paging = (
            request.max_results.as_deref(),
            request.next_token.as_deref(),
        );
        let shown = |one: &Instance| all || one.state == Ec2InstanceState::Running;
        let (machines, next_token) = self.machine_page(
            "DescribeInstanceStatus",
            site,
            wanted,
            &request.filters,
            paging,
            shown,
        )?;
        let region = self.sites.get(site).map_or("", |site| site.region.as_str());
        let status = |instance: &&Instance| {
            let checks = instance.checks(self);
            json!({
                "instanceId": instance.id,
                "availabilityZone": format!("{region}a"),
                "instanceState": state(instance.state),
                "instanceStatus": summary(checks),
                "systemStatus": summary(if checks == "impaired" { "ok" } else { checks }),
            })
        };
        let statuses: Vec<_> = machines.iter().map(status).collect();
        Ok(page("instanceStatusSet", statuses, next_token))
    }

    fn machine_page(
        &self,
        operation: &str,
        site: usize,
        wanted: &[String],
        filters: &[Filter],
        (max_results, next_token): (Option<&str>, Option<&str>),
        shown: impl Fn(&Instance) -> bool,
    ) -> Result<(Vec<&Instance>, Option<String>), ApiError> {
        if !wanted.is_empty() {
            if max_results.is_some() {
                let message =
                    "The parameter instancesSet cannot be used with the parameter maxResults";
                return Err(ApiError::ec2("InvalidParameterCombination", message));
            }
            self.check_machines(site, wanted)?;
        }
        let most = max_results.map(most_results).transpose()?;
        let key = (wanted, filters);
        let page = self.page(operation, &key, most, next_token);
        let invalid =
            |_| ApiError::ec2("InvalidParameterValue", "Unable to parse pagination token");
        let after = page.begins_after().map_err(invalid)?;
        let Some(place) = self.sites.get(site) else {
            return Ok((Vec::new(), None));
        };
        let mut fitting = Vec::new();
        for instance in place.machines(self.now) {
            let asked = wanted.is_empty() || wanted.contains(&instance.id);
            let behind = after.as_ref().is_none_or(|after| instance.id > *after);
            if self.passes(place, instance, filters)? && asked && behind && shown(instance) {
                fitting.push((instance.id.clone(), instance));
            }
        }
        if !wanted.is_empty() {
            let all = fitting.into_iter().map(|(_, instance)| instance);
            return Ok((all.collect(), None));
        }
        Ok(page.cut(fitting.into_iter(), |(key, _)| key.clone(), |(_, one)| *one))
    }

    fn passes(
        &self,
        site: &Site,
        instance: &Instance,
        filters: &[Filter],
    ) -> Result<bool, ApiError> {
        for filter in filters {
            let Some(values) = self.compared(site, instance, &filter.name) else {
                let message = format!("The filter '{}' is invalid", filter.name);
                return Err(ApiError::ec2("InvalidParameterValue", message));
            };
            let fits = |value: &String| filter.values.iter().any(|wanted| like(wanted, value));
            if !values.iter().any(fits) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn compared(&self, site: &Site, instance: &Instance, filter: &str) -> Compared {
        if let Some(key) = filter.strip_prefix("tag:") {
            return Some(instance.ec2_tags(site).remove(key).into_iter().collect());
        }
        let (code, name) = code_and_name(instance.state);
        let one = |value: String| Some(vec![value]);
        match filter {
            "instance-id" => one(instance.id.clone()),
            "instance-state-name" => one(name.to_owned()),
            "instance-state-code" => one(code.to_string()),
            "tag-key" => Some(instance.ec2_tags(site).into_keys().collect()),
            "availability-zone" => one(format!("{}a", site.region)),
            "private-ip-address" => site
                .servers
                .get(&instance.server)
                .map(super::server::Server::ips),
            "owner-id" => one(site.account.clone()),
            "instance-status.status" => one(instance.checks(self).to_owned()),
            "system-status.status" => one(match instance.checks(self) {
                "impaired" => "ok".to_owned(),
                checks => checks.to_owned(),
            }),
            _ => None,
        }
    }
}

fn page(member: &str, items: Vec<Value>, next_token: Option<String>) -> Value {
    let mut page = Map::new();
    page.insert(member.to_owned(), items.into());
    if let Some(token) = next_token {
        page.insert("nextToken".to_owned(), token.into());
    }
    page.into()
}

fn summary(status: &str) -> Value {
    let reachability = match status {
        "ok" => "passed",
        "impaired" => "failed",
        other => other,
    };
    let details = json!([{ "name": "reachability", "status": reachability }]);
    json!({ "status": status, "details": details })
}

fn most_results(text: &str) -> Result<i64, ApiError> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (5..=1000).contains(number));
    number.ok_or_else(|| {
        let message = format!("Value ( {text} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.");
        ApiError::ec2("InvalidParameterValue", message)
    })
}

/// Whether a text is like a pattern with `*` and `?`.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => text.is_empty() && pattern.is_empty(),
        Some(("*", rest)) => {
            let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.any(|at| like(rest, &text[at..]))
        }
        Some((first, rest)) => text
            .split_at_checked(1)
            .is_some_and(|(one, others)| (first == "?" || first == one) && like(rest, others)),
    }
}
