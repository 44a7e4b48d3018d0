//! Templates as CloudFormation reads them, as far as the tests need: resources with their policies,
//! names, protection and nested stacks, in a given stack's parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;

/// Parameters with their values.
pub(crate) type Parameters = BTreeMap<String, String>;

/// How a resource is named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Name {
    /// As it stands in the template.
    Literal(String),
    /// By a function.
    Computed(String),
    /// By CloudFormation.
    Given,
}

/// What becomes of a resource that leaves its stack.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Policy {
    Delete,
    Retain,
    /// Kept, unless the operation that made it is rolled back.
    RetainExceptOnCreate,
}

/// A resource of a template.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Declared {
    pub(crate) resource: String,
    pub(crate) kind: String,
    pub(crate) policy: Policy,
    pub(crate) name: Name,
    pub(crate) protected: bool,
}

/// A nested stack of a master.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Child {
    pub(crate) resource: String,
    pub(crate) template_key: String,
    pub(crate) parameters: Parameters,
    /// Nested stacks whose outputs it is given.
    pub(crate) follows: BTreeSet<String>,
}

const NESTED: &str = "AWS::CloudFormation::Stack";

/// The nested stacks of a text that is a template; the texts of most tests are none.
pub(crate) fn children(text: &str, parameters: &Parameters) -> Vec<Child> {
    let root = parse(text);
    let reading = Reading::of(&root, parameters);
    let resources = resources(&root);
    let nested = resources.filter(|(_, value)| text_of(value, "Type") == NESTED);
    nested
        .map(|(resource, value)| {
            let properties = &value["Properties"];
            let address = reading.text(&properties["TemplateURL"]).unwrap_or_default();
            let given = properties["Parameters"].as_mapping().cloned();
            let given = given.unwrap_or_default();
            let known = given.iter().filter_map(|(name, value)| {
                Some((name.as_str()?.to_owned(), reading.text(value)?))
            });
            Child {
                template_key: address
                    .find("cfn/")
                    .map_or_else(String::new, |start| address[start..].to_owned()),
                parameters: known.collect(),
                follows: given.values().filter_map(followed).collect(),
                resource,
            }
        })
        .collect()
}

/// The resources of a nested template.
pub(crate) fn declared(text: &str, parameters: &Parameters) -> Vec<Declared> {
    let root = parse(text);
    let reading = Reading::of(&root, parameters);
    resources(&root)
        .map(|(resource, value)| {
            let properties = &value["Properties"];
            let named = ["TableName", "UserPoolName"];
            let name = named.into_iter().map(|name| &properties[name]);
            let name = name.into_iter().find(|value| !value.is_null());
            let protects = ["DeletionProtectionEnabled", "DeletionProtection"];
            let protected = protects.into_iter().any(|name| {
                let value = reading.text(&properties[name]);
                value.is_some_and(|text| text == "true" || text == "ACTIVE")
            });
            Declared {
                kind: text_of(&value, "Type"),
                policy: match text_of(&value, "DeletionPolicy").as_str() {
                    "Retain" => Policy::Retain,
                    "RetainExceptOnCreate" => Policy::RetainExceptOnCreate,
                    _ => Policy::Delete,
                },
                name: match name {
                    Some(Value::String(name)) => Name::Literal(name.clone()),
                    Some(value) => reading.text(value).map_or(Name::Given, Name::Computed),
                    None => Name::Given,
                },
                protected,
                resource,
            }
        })
        .collect()
}

fn parse(text: &str) -> Value {
    serde_yaml_ng::from_str(text).unwrap_or_default()
}

fn resources(root: &Value) -> impl Iterator<Item = (String, Value)> {
    let resources = root["Resources"].as_mapping().cloned().unwrap_or_default();
    resources
        .into_iter()
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value)))
}

fn text_of(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// The nested stack whose output a value is.
fn followed(value: &Value) -> Option<String> {
    let Value::Tagged(tagged) = value else {
        return None;
    };
    match &tagged.value {
        Value::String(text) if tagged.tag == "GetAtt" => text
            .split_once(".Outputs.")
            .map(|(stack, _)| stack.to_owned()),
        Value::Sequence(items) => items
            .iter()
            .find_map(|item| item.as_mapping()?.values().find_map(followed)),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Mapping(_)
        | Value::Tagged(_) => None,
    }
}

/// A template's functions in one stack.
struct Reading<'a> {
    root: &'a Value,
    parameters: &'a Parameters,
}

impl<'a> Reading<'a> {
    fn of(root: &'a Value, parameters: &'a Parameters) -> Self {
        Self { root, parameters }
    }

    /// The value as text; nothing where it is known only once something else is made.
    fn text(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Number(number) => Some(number.to_string()),
            Value::Tagged(tagged) if tagged.tag == "Ref" => {
                self.parameters.get(tagged.value.as_str()?).cloned()
            }
            Value::Tagged(tagged) if tagged.tag == "Sub" => {
                let mut text = tagged.value.as_str()?.to_owned();
                for (name, value) in self.parameters {
                    text = text.replace(&format!("${{{name}}}"), value);
                }
                Some(text)
            }
            Value::Tagged(tagged) if tagged.tag == "If" => {
                let parts = tagged.value.as_sequence()?;
                let [condition, then, otherwise] = parts.as_slice() else {
                    return None;
                };
                let holds = self.holds(&self.root["Conditions"][condition.as_str()?])?;
                self.text(if holds { then } else { otherwise })
            }
            Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
        }
    }

    fn holds(&self, condition: &Value) -> Option<bool> {
        let Value::Tagged(tagged) = condition else {
            return None;
        };
        let parts = tagged.value.as_sequence()?;
        let [one, other] = parts.as_slice() else {
            return None;
        };
        (tagged.tag == "Equals").then_some(())?;
        Some(self.text(one)? == self.text(other)?)
    }
}
