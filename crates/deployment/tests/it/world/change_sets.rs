//! Change sets as CloudFormation has them: made and deleted in its own time, refused while it is at
//! something else, one for each nested stack below the master's.
//!
//! - Names: `AlreadyExistsException`, `ChangeSetNotFound`, `InvalidChangeSetStatus`
//!   (<https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>,
//!   `API_DeleteChangeSet`, `API_ExecuteChangeSet`). Deleting one that is being made or deleted is
//!   refused with the sentences of <https://github.com/mweagle/Sparta/issues/45> and
//!   <https://github.com/aws/aws-cdk/issues/26182>; deleting one that is not there succeeds.
//! - A nested one that fails is told by the root as `Nested change set ID was not successfully created:
//!   Currently in FAILED` (<https://github.com/awslabs/amazon-s3-find-and-forget/issues/224>).
//! - What exists already is found while the change set is made, and told by `DescribeEvents` alone
//!   (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html>).
//! - `ImportExistingResources` takes what has a literal name and a policy that retains
//!   (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html>).

use std::collections::BTreeSet;

use deployment::cloud::{
    ChangeSet, ChangeSetName, Creation, FailedChangeSet, FailedEvent, Operation, Taken, Target,
    TemplateText,
};
use deployment::progress::{Certainty, Change};

use super::State;
use super::template::{self, Child, Declared, Name, Parameters, Policy};

/// Looks until something that the service does in its own time is done.
const TICKS: usize = 2;

const NO_CHANGES: &str = "The submitted information didn't contain changes. Submit different \
                          information to create a change set.";
const EXISTS: &str = "The following hook(s)/validation failed: \
                      [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early \
                      Validation errors, use the DescribeEvents API for detailed failure information.";

/// How far a change set is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Phase {
    Making(usize),
    Ready(Vec<Change>),
    Failed(String),
    Deleting(usize),
    Executed,
}

/// A change set of the master.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) operation: Operation,
    pub(crate) target: Target,
    pub(crate) phase: Phase,
    /// Ids of the nested ones that failed, with reason and findings.
    pub(crate) nested: Vec<(FailedChangeSet, Vec<FailedEvent>)>,
}

impl State {
    pub(super) fn make_change_set(&mut self, operation: Operation, target: &Target) -> Creation {
        if self.change_sets.contains_key(&target.name) {
            return Creation::NameTaken;
        }
        if self.stack.is_none() {
            self.set_status("REVIEW_IN_PROGRESS");
        }
        let made = Made {
            operation,
            target: target.clone(),
            phase: Phase::Making(TICKS),
            nested: Vec::new(),
        };
        self.change_sets.insert(target.name.clone(), made);
        Creation::Begun
    }

    pub(super) fn waiting_change_sets(&self) -> Vec<String> {
        let waiting = self.change_sets.iter();
        waiting
            .filter(|(_, made)| made.phase != Phase::Executed)
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub(super) fn described_change_set(&self, name: ChangeSetName<'_>) -> ChangeSet {
        match name {
            ChangeSetName::Of { stack, name } => match self.change_sets.get(name) {
                None => ChangeSet::Gone,
                Some(made) => match &made.phase {
                    Phase::Making(_) | Phase::Deleting(_) => ChangeSet::Pending,
                    Phase::Ready(changes) => ChangeSet::Ready(changes.clone()),
                    Phase::Executed => ChangeSet::Ready(Vec::new()),
                    Phase::Failed(reason) => ChangeSet::Failed(FailedChangeSet {
                        id: id(name, stack),
                        stack: stack.to_owned(),
                        reason: reason.clone(),
                    }),
                },
            },
            ChangeSetName::Id(id) => {
                let mut nested = self.change_sets.values().flat_map(|made| &made.nested);
                let found = nested.find(|(failed, _)| failed.id == id);
                found.map_or(ChangeSet::Gone, |(failed, _)| {
                    ChangeSet::Failed(failed.clone())
                })
            }
        }
    }

    pub(super) fn failed_events_of(&self, id: &str) -> Vec<FailedEvent> {
        let mut nested = self.change_sets.values().flat_map(|made| &made.nested);
        let found = nested.find(|(failed, _)| failed.id == id);
        found.map_or_else(Vec::new, |(_, events)| events.clone())
    }

    pub(super) fn delete_change_set_of(&mut self, name: &str) -> Taken {
        let Some(made) = self.change_sets.get_mut(name) else {
            return Taken::Begun;
        };
        match made.phase {
            Phase::Making(_) => {
                Taken::NotYet("Cannot delete ChangeSet in status CREATE_IN_PROGRESS".to_owned())
            }
            Phase::Deleting(_) => Taken::NotYet(
                "An operation on this ChangeSet is currently in progress. Please attempt this \
                 operation again later."
                    .to_owned(),
            ),
            Phase::Executed => Taken::NotYet("it is in status EXECUTE_COMPLETE".to_owned()),
            Phase::Ready(_) | Phase::Failed(_) => {
                made.phase = Phase::Deleting(self.deletion_takes.unwrap_or(TICKS));
                Taken::Begun
            }
        }
    }

    pub(super) fn execute_change_set_of(&mut self, name: &str) -> Taken {
        let is_busy = self.going_on.is_some() || self.busy_for > 0;
        let made = self.change_sets.get_mut(name).unwrap();
        if is_busy || !matches!(made.phase, Phase::Ready(_)) {
            return Taken::NotYet(format!(
                "ChangeSet [{name}] cannot be executed in its current status"
            ));
        }
        made.phase = Phase::Executed;
        let (operation, target) = (made.operation, made.target.clone());
        // Whatever was made for the stack as it was is of no use any longer.
        self.change_sets
            .retain(|_, made| made.phase == Phase::Executed);
        self.begin(operation, target);
        Taken::Begun
    }

    /// One look later.
    pub(super) fn tick_change_sets(&mut self) {
        let names: Vec<String> = self.change_sets.keys().cloned().collect();
        for name in names {
            let made = self.change_sets.get_mut(&name).unwrap();
            match &mut made.phase {
                Phase::Making(0) => self.finish_making(&name),
                Phase::Deleting(0) => drop(self.change_sets.remove(&name)),
                Phase::Making(left) | Phase::Deleting(left) => *left -= 1,
                Phase::Ready(_) | Phase::Failed(_) | Phase::Executed => {}
            }
        }
    }

    fn finish_making(&mut self, name: &str) {
        let mut made = self.change_sets[name].clone();
        made.nested = self.refusals(&made);
        made.phase = match made.nested.first() {
            Some((failed, _)) => Phase::Failed(format!(
                "Nested change set {} was not successfully created: Currently in FAILED.",
                failed.id
            )),
            None => match self.changes_of(&made.target) {
                changes if changes.is_empty() => Phase::Failed(NO_CHANGES.to_owned()),
                changes => Phase::Ready(changes),
            },
        };
        self.change_sets.insert(name.to_owned(), made);
    }

    /// The nested change sets that fail, with what was found.
    fn refusals(&self, made: &Made) -> Vec<(FailedChangeSet, Vec<FailedEvent>)> {
        let mut refusals = self.planted_refusals.clone();
        if made.operation == Operation::Update {
            return refusals;
        }
        let (text, parameters) = self.wanted(&made.target);
        for child in template::children(&text, &parameters) {
            let declared = self.declared_in(&child);
            let there = declared.iter().filter(|one| self.is_there(one));
            let in_the_way = there.filter(|one| !is_imported(one, made.operation));
            let events: Vec<FailedEvent> = in_the_way.map(exists).collect();
            if !events.is_empty() {
                let stack = format!("{}-{}", made.target.stack, child.resource);
                let failed = FailedChangeSet {
                    id: id(&made.target.name, &stack),
                    reason: EXISTS.to_owned(),
                    stack,
                };
                refusals.push((failed, events));
            }
        }
        refusals
    }

    /// What differs: the master's text, its parameters, and what follows from both in nested stacks.
    fn changes_of(&self, target: &Target) -> Vec<Change> {
        if !self.changes.is_empty() {
            return self.changes.clone();
        }
        let (text, parameters) = self.wanted(target);
        let before = self.stack.as_ref().map(|stack| stack.parameters.clone());
        let before = before.unwrap_or_default();
        let children = template::children(&text, &parameters);
        if children.is_empty() {
            // Such a text is no template: it is one resource.
            let differs = text != self.template || parameters != before;
            return differs
                .then(|| change("Everything", Certainty::Certain))
                .into_iter()
                .collect();
        }
        let old = template::children(&self.template, &before);
        let differs = |child: &Child| {
            let mut old = old.iter();
            let old = old.find(|old| old.resource == child.resource);
            old.is_none_or(|old| {
                old.template_key != child.template_key || old.parameters != child.parameters
            })
        };
        let mut changed: BTreeSet<String> = BTreeSet::new();
        let mut found = Vec::new();
        for child in &children {
            let certainty = if differs(child) {
                Certainty::Certain
            } else if child.follows.iter().any(|stack| changed.contains(stack)) {
                Certainty::Possible
            } else {
                continue;
            };
            changed.insert(child.resource.clone());
            found.push(change(&child.resource, certainty));
        }
        found
    }

    /// The master's text and all parameters as a target wants them.
    pub(super) fn wanted(&self, target: &Target) -> (String, Parameters) {
        let text = match &target.template {
            TemplateText::AsItStands => self.template.clone(),
            TemplateText::At(address) => {
                let key = &address[address.find("cfn/").unwrap()..];
                self.object_text(key)
            }
        };
        let before = self.stack.as_ref().map(|stack| stack.parameters.clone());
        let kept = before.unwrap_or_default().into_iter();
        let mut parameters: Parameters = kept
            .filter(|(name, _)| target.kept.contains(name))
            .collect();
        parameters.extend(target.parameters.clone());
        (text, parameters)
    }

    /// What the template of a nested stack declares.
    pub(super) fn declared_in(&self, child: &Child) -> Vec<Declared> {
        let text = self.object_text(&child.template_key);
        template::declared(&text, &child.parameters)
    }

    fn is_there(&self, declared: &Declared) -> bool {
        match &declared.name {
            Name::Literal(name) | Name::Computed(name) => {
                declared.kind == super::TABLE && self.tables.contains(name)
            }
            Name::Given => false,
        }
    }
}

/// Whether a resource that exists is taken over.
pub(super) fn is_imported(declared: &Declared, operation: Operation) -> bool {
    let retains = declared.policy != Policy::Delete;
    let is_literal = matches!(declared.name, Name::Literal(_));
    operation == Operation::CreateAdopting && is_literal && retains
}

fn exists(declared: &Declared) -> FailedEvent {
    let name = match &declared.name {
        Name::Literal(name) | Name::Computed(name) => name.as_str(),
        Name::Given => "",
    };
    FailedEvent {
        resource: declared.resource.clone(),
        resource_type: declared.kind.clone(),
        reason: format!(
            "Resource of type '{}' with identifier '{name}' already exists.",
            declared.kind
        ),
        path: format!("/Resources/{}", declared.resource),
    }
}

fn id(name: &str, stack: &str) -> String {
    format!("arn:aws:cloudformation:eu-west-1:111122223333:changeSet/{name}/{stack}")
}

fn change(resource: &str, certainty: Certainty) -> Change {
    Change {
        action: "Modify".to_owned(),
        replacement: Some("False".to_owned()),
        resource: resource.to_owned(),
        resource_type: deployment::failure::NESTED_STACK.to_owned(),
        certainty,
    }
}
