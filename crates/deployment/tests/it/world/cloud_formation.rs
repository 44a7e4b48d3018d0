//! Operations of CloudFormation on the master and its nested stacks: begun by a request, seen by the
//! next look, over after some more.
//!
//! - A creation that fails is rolled back: what it made is deleted, `RetainExceptOnCreate` or not, and
//!   what was imported stays; a resource that is protected from deletion stops that, and the stack ends
//!   as `ROLLBACK_FAILED`
//!   (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>).
//! - A deletion keeps what retains, and ends as `DELETE_FAILED` where something cannot be deleted
//!   (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>).

use deployment::cloud::{Nested, Operation, StackState, Target};
use deployment::failure::{NESTED_STACK, StackEvent};
use deployment::release::{FUNCTIONS, digest};
use deployment::settings::in_capitals;

use super::change_sets::is_imported;
use super::template::{self, Child, Declared, Name, Policy};
use super::{CONSOLE_BUCKET, State};

/// Looks until an operation is over.
const TICKS: usize = 2;

/// An operation that goes on.
#[derive(Clone, Debug)]
pub(crate) struct GoingOn {
    left: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Change(Operation, Target),
    Deletion(String),
    WayBack(String),
}

/// What cannot be made, changed or deleted.
#[derive(Clone, Debug)]
pub(crate) struct Broken {
    /// Nested stack and resource, as `LambdaStack/ApiHandlerFunction`.
    pub(crate) place: String,
    /// What its service says.
    pub(crate) reason: String,
}

impl State {
    pub(super) fn begin(&mut self, operation: Operation, target: Target) {
        self.go_on(What::Change(operation, target));
    }

    pub(super) fn begin_deletion(&mut self, stack: &str) {
        self.go_on(What::Deletion(stack.to_owned()));
    }

    pub(super) fn begin_way_back(&mut self, stack: &str) {
        self.go_on(What::WayBack(stack.to_owned()));
    }

    fn go_on(&mut self, what: What) {
        self.going_on = Some(GoingOn { left: TICKS, what });
    }

    /// One look later.
    pub(super) fn tick_operation(&mut self) {
        let Some(GoingOn { left, what }) = self.going_on.take() else {
            return;
        };
        if left == TICKS {
            let (stack, status) = match &what {
                What::Change(Operation::Update, target) => (&target.stack, "UPDATE_IN_PROGRESS"),
                What::Change(_, target) => (&target.stack, "CREATE_IN_PROGRESS"),
                What::Deletion(stack) => (stack, "DELETE_IN_PROGRESS"),
                What::WayBack(stack) => (stack, "UPDATE_ROLLBACK_IN_PROGRESS"),
            };
            self.reach(stack, status);
        }
        if left > 0 {
            let left = left - 1;
            self.going_on = Some(GoingOn { left, what });
            return;
        }
        match what {
            What::Change(Operation::Update, target) => self.update(&target),
            What::Change(operation, target) => self.create(operation, &target),
            What::Deletion(stack) => self.delete(&stack),
            What::WayBack(stack) => self.go_back(&stack),
        }
    }

    fn create(&mut self, operation: Operation, target: &Target) {
        let (text, parameters) = self.wanted(target);
        let mut made = Vec::new();
        for child in template::children(&text, &parameters) {
            for declared in self.declared_in(&child) {
                let taken = is_imported(&declared, operation) && self.holds(&declared);
                let failure = if taken {
                    None
                } else if self.holds(&declared) {
                    Some(format!("{} already exists", declared.resource))
                } else {
                    self.breaks(&child, &declared)
                };
                if let Some(reason) = failure {
                    self.fail(
                        target,
                        &child,
                        &declared,
                        ("CREATE_FAILED", reason.as_str()),
                    );
                    return self.roll_creation_back(target, made);
                }
                if !taken {
                    self.make(&declared);
                    made.push((child.clone(), declared));
                }
            }
        }
        self.finish(target, "CREATE_COMPLETE");
    }

    fn roll_creation_back(&mut self, target: &Target, made: Vec<(Child, Declared)>) {
        let mut status = "ROLLBACK_COMPLETE";
        for (child, declared) in made.into_iter().rev() {
            if declared.policy == Policy::Retain {
                continue;
            }
            if self.is_protected(&declared) {
                let reason = "Resource cannot be deleted while deletion protection is enabled";
                self.fail(target, &child, &declared, ("DELETE_FAILED", reason));
                status = "ROLLBACK_FAILED";
            } else {
                self.unmake(&declared);
            }
        }
        let parameters = self.wanted(target).1;
        self.stack.get_or_insert_default().parameters = parameters;
        self.reach(&target.stack, status);
    }

    fn update(&mut self, target: &Target) {
        let (text, parameters) = self.wanted(target);
        for child in template::children(&text, &parameters) {
            for declared in self.declared_in(&child) {
                if let Some(reason) = self.breaks(&child, &declared) {
                    self.fail(
                        target,
                        &child,
                        &declared,
                        ("UPDATE_FAILED", reason.as_str()),
                    );
                    return self.reach(&target.stack, "UPDATE_ROLLBACK_COMPLETE");
                }
                self.make(&declared);
            }
        }
        self.finish(target, "UPDATE_COMPLETE");
    }

    fn delete(&mut self, stack: &str) {
        if let Some(Broken { place, reason }) = self.undeletable.take() {
            let (child, resource) = place.split_once('/').unwrap();
            self.event(
                stack,
                resource,
                ("DELETE_FAILED", reason.as_str()),
                "Any::Type",
                child,
            );
            return self.reach(stack, "DELETE_FAILED");
        }
        let parameters = self.stack.take().unwrap_or_default().parameters;
        for child in template::children(&self.template.clone(), &parameters) {
            for declared in self.declared_in(&child) {
                if declared.policy == Policy::Delete {
                    self.unmake(&declared);
                }
            }
        }
        let left = std::mem::take(&mut self.left_by_deletion);
        self.tables.extend(left);
        self.template.clear();
        self.nested.clear();
        self.events.clear();
        self.change_sets.clear();
    }

    fn go_back(&mut self, stack: &str) {
        let failing = std::mem::take(&mut self.continuation_fails);
        let status = if failing.is_empty() {
            "UPDATE_ROLLBACK_COMPLETE"
        } else {
            "UPDATE_ROLLBACK_FAILED"
        };
        for (stack, event) in failing {
            self.events.entry(stack).or_default().push(event);
        }
        self.reach(stack, status);
    }

    /// The stack is what the target wants, and everything runs what it names.
    fn finish(&mut self, target: &Target, status: &str) {
        let (text, parameters) = self.wanted(target);
        let mut stack = self.stack.take().unwrap_or_default();
        stack.parameters = parameters;
        stack.outputs = deployment::verify::REQUIRED_OUTPUTS
            .map(|name| (name.to_owned(), CONSOLE_BUCKET.to_owned()))
            .into();
        for name in FUNCTIONS {
            let key = &stack.parameters[&format!("{}ArtifactKey", in_capitals(name))];
            let archive = &self.objects.as_ref().unwrap()[key];
            let function = format!("{}-{name}", target.stack);
            self.functions.insert(function, digest(archive));
        }
        let children = template::children(&text, &stack.parameters);
        if !children.is_empty() {
            self.nested.clear();
        }
        for child in children {
            let id = nested_id(&target.stack, &child.resource);
            let state = StackState {
                status: status.to_owned(),
                parameters: child.parameters,
                ..StackState::default()
            };
            self.nested_states.insert(id.clone(), state);
            let text = self.object_text(&child.template_key);
            self.nested_templates.insert(id.clone(), text);
            self.nested.push(Nested {
                resource: child.resource,
                id,
                status: status.to_owned(),
            });
        }
        self.template = text;
        self.stack = Some(stack);
        self.reach(&target.stack, status);
    }

    fn holds(&self, declared: &Declared) -> bool {
        named(declared).is_some_and(|name| self.tables.contains(name))
    }

    fn is_protected(&self, declared: &Declared) -> bool {
        named(declared).is_some_and(|name| self.protected.contains(name)) || declared.protected
    }

    /// Or brings it to what is declared.
    fn make(&mut self, declared: &Declared) {
        let Some(name) = named(declared) else {
            return;
        };
        self.tables.insert(name.to_owned());
        if declared.protected {
            self.protected.insert(name.to_owned());
        } else {
            self.protected.remove(name);
        }
    }

    fn unmake(&mut self, declared: &Declared) {
        if let Some(name) = named(declared) {
            self.tables.remove(name);
        }
    }

    fn breaks(&mut self, child: &Child, declared: &Declared) -> Option<String> {
        let place = format!("{}/{}", child.resource, declared.resource);
        let broken = self.broken.take_if(|broken| broken.place == place);
        broken.map(|broken| broken.reason)
    }

    fn fail(
        &mut self,
        target: &Target,
        child: &Child,
        declared: &Declared,
        (status, reason): (&str, &str),
    ) {
        let Declared { resource, kind, .. } = declared;
        self.event(
            &target.stack,
            resource,
            (status, reason),
            kind,
            &child.resource,
        );
    }

    /// Something of a nested stack, which the master repeats in words of its own.
    fn event(
        &mut self,
        master: &str,
        resource: &str,
        (status, reason): (&str, &str),
        kind: &str,
        child: &str,
    ) {
        let id = nested_id(master, child);
        let inside = self.happened(&format!("{master}-{child}-1"), resource, status);
        let inside = StackEvent {
            reason: reason.to_owned(),
            resource_type: kind.to_owned(),
            ..inside
        };
        self.events.entry(id.clone()).or_default().push(inside);
        let outside = self.happened(master, child, status);
        let outside = StackEvent {
            reason: format!("Embedded stack {id} was not successfully changed"),
            physical_id: id,
            ..outside
        };
        self.events
            .entry(master.to_owned())
            .or_default()
            .push(outside);
    }

    fn reach(&mut self, stack: &str, status: &str) {
        self.set_status(status);
        let event = self.happened(stack, stack, status);
        self.events.entry(stack.to_owned()).or_default().push(event);
    }

    fn happened(&mut self, stack: &str, resource: &str, status: &str) -> StackEvent {
        self.happened += 1;
        StackEvent {
            id: format!("happened-{}", self.happened),
            at: i64::try_from(self.happened).unwrap(),
            stack: stack.to_owned(),
            resource: resource.to_owned(),
            physical_id: String::new(),
            resource_type: NESTED_STACK.to_owned(),
            status: status.to_owned(),
            reason: String::new(),
        }
    }

    pub(super) fn set_status(&mut self, status: &str) {
        let stack = self.stack.get_or_insert_default();
        status.clone_into(&mut stack.status);
    }
}

/// The table that a resource is.
fn named(declared: &Declared) -> Option<&str> {
    let is_a_table = declared.kind == super::TABLE;
    match &declared.name {
        Name::Literal(name) | Name::Computed(name) => is_a_table.then_some(name.as_str()),
        Name::Given => None,
    }
}

fn nested_id(master: &str, child: &str) -> String {
    format!("arn:aws:cloudformation:eu-west-1:111122223333:stack/{master}-{child}-1/1")
}
