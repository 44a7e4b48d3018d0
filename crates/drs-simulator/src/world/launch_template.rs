//! The EC2 launch template of a source server. DRS launches from its default version, and writes a
//! new one, without what others have written, whenever launch settings change.

use super::World;
use super::server::Server;
use crate::error::ApiError;
use crate::wire::ec2::{
    CreateLaunchTemplateVersionRequest, DescribeLaunchTemplateVersionsRequest,
    DescribeLaunchTemplatesRequest, ModifyLaunchTemplateRequest,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The versions of one template.
#[derive(Debug, Clone)]
pub(super) struct LaunchTemplate {
    pub(super) latest: u32,
    pub(super) default: u32,
    /// What others than DRS have written, by version.
    written: BTreeMap<u32, (Option<String>, Value)>,
}

impl LaunchTemplate {
    pub(super) const fn new() -> Self {
        Self {
            latest: 1,
            default: 1,
            written: BTreeMap::new(),
        }
    }

    /// DRS writes a version and makes it the default one.
    pub(super) const fn rewrite(&mut self) {
        self.latest += 1;
        self.default = self.latest;
    }

    fn number(&self, text: &str) -> Option<u32> {
        match text {
            "$Default" => Some(self.default),
            "$Latest" => Some(self.latest),
            number => {
                let number = number.parse().ok()?;
                (1..=self.latest).contains(&number).then_some(number)
            }
        }
    }
}

impl Server {
    /// What a version of the launch template says, in the spelling of requests.
    pub(super) fn template_data(&self, version: u32) -> Value {
        let written = self.template.written.get(&version);
        written.map_or_else(
            || json!({ "InstanceType": "m5.large", "EbsOptimized": "false" }),
            |(_, data)| data.clone(),
        )
    }

    fn template_id(&self) -> &str {
        self.launch
            .ec2_launch_template_id
            .as_deref()
            .unwrap_or_default()
    }
}

impl World {
    pub(super) fn list_templates(
        &self,
        site: usize,
        request: &DescribeLaunchTemplatesRequest,
    ) -> Result<Value, ApiError> {
        let mut shown = Vec::new();
        for id in &request.ids {
            shown.push(self.template_view(site, id)?);
        }
        if request.ids.is_empty() {
            let servers = self.sites.get(site).map(|site| site.servers.values());
            for server in servers.into_iter().flatten() {
                shown.push(self.template_view(site, server.template_id())?);
            }
        }
        Ok(json!({ "launchTemplates": shown }))
    }

    pub(super) fn list_template_versions(
        &self,
        site: usize,
        request: &DescribeLaunchTemplateVersionsRequest,
    ) -> Result<Value, ApiError> {
        let server = self.server_of_template(site, &request.id)?;
        let template = &server.template;
        let numbers: Vec<u32> = if request.versions.is_empty() {
            (1..=template.latest).rev().collect()
        } else {
            let known = |text: &String| template.number(text).ok_or_else(|| no_version(text));
            request
                .versions
                .iter()
                .map(known)
                .collect::<Result<_, _>>()?
        };
        let view = |number: u32| version_view(server, number, self.now);
        let versions: Vec<_> = numbers.into_iter().map(view).collect();
        Ok(json!({ "launchTemplateVersionSet": versions }))
    }

    pub(super) fn write_template_version(
        &mut self,
        site: usize,
        request: &CreateLaunchTemplateVersionRequest,
    ) -> Result<Value, ApiError> {
        let server = self.server_of_template(site, &request.id)?;
        let base = match &request.source_version {
            None => Value::Object(Map::new()),
            Some(text) => {
                let number = server
                    .template
                    .number(text)
                    .ok_or_else(|| no_version(text))?;
                server.template_data(number)
            }
        };
        let data = merged(&base, &request.data);
        let (server, now) = (server.id.clone(), self.now);
        let server = self
            .sites
            .get_mut(site)
            .and_then(|site| site.servers.get_mut(&server))
            .ok_or_else(|| no_template(&request.id))?;
        let template = &mut server.template;
        template.latest += 1;
        let written = (request.description.clone(), data);
        template.written.insert(template.latest, written);
        let latest = template.latest;
        Ok(json!({ "launchTemplateVersion": version_view(server, latest, now) }))
    }

    pub(super) fn choose_template_version(
        &mut self,
        site: usize,
        request: &ModifyLaunchTemplateRequest,
    ) -> Result<Value, ApiError> {
        let server = self.server_of_template(site, &request.id)?;
        let text = request.default_version.as_deref().unwrap_or("$Default");
        let number = server
            .template
            .number(text)
            .ok_or_else(|| no_version(text))?;
        let server = server.id.clone();
        let place = self.sites.get_mut(site);
        if let Some(server) = place.and_then(|site| site.servers.get_mut(&server)) {
            server.template.default = number;
        }
        Ok(json!({ "launchTemplate": self.template_view(site, &request.id)? }))
    }

    fn template_view(&self, site: usize, id: &str) -> Result<Value, ApiError> {
        let server = self.server_of_template(site, id)?;
        Ok(json!({
            "launchTemplateId": id,
            "launchTemplateName": server.id,
            "createTime": server.added_at,
            "createdBy": "arn:aws:iam::drs.amazonaws.com:role/service",
            "defaultVersionNumber": server.template.default,
            "latestVersionNumber": server.template.latest,
        }))
    }

    /// Templates are found by looking at all servers: nothing on the way of a launch does this.
    fn server_of_template(&self, site: usize, id: &str) -> Result<&Server, ApiError> {
        let servers = self.sites.get(site).map(|site| site.servers.values());
        let mut servers = servers.into_iter().flatten();
        servers
            .find(|server| server.template_id() == id)
            .ok_or_else(|| no_template(id))
    }
}

fn version_view(server: &Server, number: u32, now: Timestamp) -> Value {
    let written = server.template.written.get(&number);
    let mut view = json!({
        "launchTemplateId": server.template_id(),
        "launchTemplateName": server.id,
        "versionNumber": number,
        "createTime": now,
        "createdBy": "arn:aws:iam::drs.amazonaws.com:role/service",
        "defaultVersion": number == server.template.default,
        "launchTemplateData": answered(&server.template_data(number)),
    });
    let description = written.and_then(|(description, _)| description.clone());
    if let (Value::Object(members), Some(text)) = (&mut view, description) {
        members.insert("versionDescription".to_owned(), text.into());
    }
    view
}

/// The members of `more` over those of `base`.
fn merged(base: &Value, more: &Value) -> Value {
    let mut members = base.as_object().cloned().unwrap_or_default();
    members.extend(more.as_object().cloned().unwrap_or_default());
    Value::Object(members)
}

/// EC2 answers with other names than it is asked with: small letters, and sets for lists.
fn answered(data: &Value) -> Value {
    if let Some(members) = data.as_object() {
        let named =
            |(name, value): (&String, &Value)| (answered_name(name, value), answered(value));
        return Value::Object(members.iter().map(named).collect());
    }
    match data.as_array() {
        Some(items) => items.iter().map(answered_item).collect(),
        None => data.clone(),
    }
}

/// The groups of a network interface have a name of their own.
fn answered_item(item: &Value) -> Value {
    let mut item = answered(item);
    if let Some(members) = item.as_object_mut()
        && let Some(groups) = members.remove("securityGroupIdSet")
    {
        members.insert("groupSet".to_owned(), groups);
    }
    item
}

fn answered_name(name: &str, value: &Value) -> String {
    let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
    let ending = if value.is_array() { "Set" } else { "" };
    format!("{}{rest}{ending}", first.to_ascii_lowercase())
}

fn no_template(id: &str) -> ApiError {
    let message = format!("The specified launch template, with template ID {id}, does not exist.");
    ApiError::ec2("InvalidLaunchTemplateId.NotFound", message)
}

fn no_version(text: &str) -> ApiError {
    let message = format!("Could not find the specified version {text} for the launch template.");
    ApiError::ec2("InvalidLaunchTemplateId.VersionNotFound", message)
}
