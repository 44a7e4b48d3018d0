//! Creating a stack: of texts that may differ from the release's, which an update brings back.

use std::collections::{BTreeMap, BTreeSet};

use super::applying::{Applying, about};
use super::{change_set, stack};
use crate::cloud::{Operation, Target, TemplateText};
use crate::error::Failure;
use crate::progress::Progress;
use crate::release::{Body, digest};
use crate::settings::in_capitals;
use crate::template::creation::{CreationTemplates, literal_names};

/// How the parameters end that name nested templates.
const TEMPLATE_KEY: &str = "TemplateKey";

impl Applying<'_> {
    /// Creates the stack around tables that are there.
    pub(super) async fn create(
        &self,
        operation: Operation,
        adopted: &[String],
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let mut target = stack::target(operation, self).await?;
        let templates = CreationTemplates::of(self.settings, adopted);
        if templates.differs() {
            let keys = self.put_creation_templates(templates).await?;
            target.parameters.extend(keys);
            target.name = change_set::name(self.written, &target.template, &target.parameters);
        }
        self.change(operation, &target, progress).await
    }

    /// Puts the nested templates that differ into the bucket; answers the parameters that name them.
    async fn put_creation_templates(
        &self,
        templates: CreationTemplates<'_>,
    ) -> Result<BTreeMap<String, String>, Failure> {
        let mut keys = BTreeMap::new();
        let mut unnamed: BTreeSet<&String> = templates.adopted.iter().collect();
        for template in self.release.templates.iter().skip(1) {
            let Some(stem) = template.name.strip_suffix("-stack.yaml") else {
                continue;
            };
            let own = stack::text(self, template).await?;
            let text = templates.text(&own, self.settings);
            let literal = literal_names(&text);
            unnamed.retain(|table| !literal.contains(table));
            if text == own {
                continue;
            }
            let key = format!("cfn/{}/{}", digest(text.as_bytes()), template.name);
            let body = Body::Bytes(text.into_bytes().into());
            let about = about(self.release);
            let bucket = &self.settings.bucket;
            self.cloud.put(bucket, &key, &body, &about).await?;
            keys.insert(format!("{}{TEMPLATE_KEY}", in_capitals(stem)), key);
        }
        if let Some(table) = unnamed.first() {
            return Err(Failure::NotAdoptable {
                table: (*table).clone(),
            });
        }
        Ok(keys)
    }

    /// Updates the stack to the release's own templates, and takes those of the creation out of the
    /// bucket: nothing goes back to them any longer.
    pub(super) async fn end_creation(&self, progress: &mut dyn Progress) -> Result<(), Failure> {
        let stack = self.settings.stack();
        let before = self.cloud.stack(&stack).await?.unwrap_or_default();
        let target = stack::target(Operation::Update, self).await?;
        self.change(Operation::Update, &target, progress).await?;
        let named = before.parameters.into_iter();
        let named = named.filter(|(name, key)| {
            name.ends_with(TEMPLATE_KEY) && target.parameters.get(name) != Some(key)
        });
        let keys: Vec<String> = named.map(|(_, key)| key).collect();
        self.cloud.remove(&self.settings.bucket, &keys).await
    }

    /// Changes nothing but the names of what runs already.
    pub(super) async fn name_in_stack(
        &self,
        parameters: &BTreeMap<String, String>,
        progress: &mut dyn Progress,
    ) -> Result<(), Failure> {
        let stack = self.settings.stack();
        let state = self.cloud.stack(&stack).await?;
        let state = state.ok_or_else(|| Failure::NoStack {
            stack: stack.clone(),
        })?;
        let others = state.parameters.into_keys();
        let template = TemplateText::AsItStands;
        let target = Target {
            name: change_set::name(self.written, &template, parameters),
            stack,
            template,
            kept: others
                .filter(|name| !parameters.contains_key(name))
                .collect(),
            parameters: parameters.clone(),
        };
        self.change(Operation::Update, &target, progress).await
    }
}
