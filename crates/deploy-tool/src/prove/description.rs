//! What a person is told before each step: what it does, costs and takes.

/// What a person is told before a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Description {
    /// A few words.
    pub title: &'static str,
    /// What happens.
    pub does: &'static str,
    /// What AWS charges for it, as far as it can be said.
    pub costs: &'static str,
    /// How long it takes at AWS.
    pub takes: &'static str,
}

pub(super) const RIGHTS: Description = Description {
    title: "rights of the caller",
    does: "asks IAM's simulator whether these credentials may do what a deployment does; \
           changes nothing",
    costs: "nothing",
    takes: "a few seconds",
};

pub(super) const DEPLOYMENT: Description = Description {
    title: "deployment",
    does: "makes the deployment bucket and the stacks of this environment, and compares what \
           runs with what was meant",
    costs: "cents for the step itself; while the stacks stand, about 10 US dollars a month for \
           the firewall and 2 for the alarms, unless parameters switch them off",
    takes: "10 to 20 minutes, most of it for the distribution",
};

pub(super) const SIGN_IN: Description = Description {
    title: "sign-in",
    does: "makes a user in the user pool, gives it a password that is kept nowhere and the \
           rights to run drills, and signs in by proving the password (SRP)",
    costs: "nothing",
    takes: "a few seconds",
};

pub(super) const API: Description = Description {
    title: "API",
    does: "asks the API for its health without a token, for the user's rights without a token, \
           which must be refused, and with one",
    costs: "less than a cent",
    takes: "a few seconds",
};

pub(super) const WATCHERS: Description = Description {
    title: "finder and poller",
    does: "calls the finder once, and the poller for a Region without jobs; both must end \
           without an error",
    costs: "less than a cent",
    takes: "under a minute",
};

pub(super) const DRS_READING: Description = Description {
    title: "DRS read in each Region",
    does: "lists the source servers of each named Region through the product, looks for the \
           named server among them, and looks at DRS directly for the open questions; changes \
           nothing",
    costs: "nothing",
    takes: "a few seconds for each Region",
};

pub(super) const GROUP: Description = Description {
    title: "protection group",
    does: "makes a protection group of the named server, with the statement of how its drill is \
           isolated",
    costs: "less than a cent",
    takes: "a few seconds",
};

pub(super) const PLAN: Description = Description {
    title: "recovery plan",
    does: "makes a recovery plan of one wave with that group",
    costs: "less than a cent",
    takes: "a few seconds",
};

pub(super) const DRY_RUN: Description = Description {
    title: "dry run of the drill",
    does: "looks at what the start will look at: the caller's rights, the plan, the group's \
           isolation, the server's replication, a live instance of it, room in the quotas; \
           starts nothing",
    costs: "nothing",
    takes: "a few seconds",
};

pub(super) const DRILL: Description = Description {
    title: "drill of one server",
    does: "starts a drill: DRS LAUNCHES A REAL EC2 INSTANCE of the named server, by its launch \
           settings, which can be reached and can reach others as those settings allow; the \
           replication of the server is not touched",
    costs: "the instance by the hour and its volumes, a conversion server for some minutes, and \
           snapshots: mostly below one US dollar for a small server that is cleaned up at once",
    takes: "10 to 30 minutes for Linux, up to an hour for Windows",
};

pub(super) const CLEAN_UP: Description = Description {
    title: "clean-up of the drill",
    does: "terminates the instance that the drill launched, and no other, and waits until \
           neither DRS nor EC2 shows it",
    costs: "nothing; it ends the costs of the drill",
    takes: "3 to 10 minutes",
};

pub(super) const FAILED_DEPLOYMENT: Description = Description {
    title: "failed deployment, rolled back",
    does: "updates the stack to a console archive that has no page, which must be refused and \
           rolled back; then looks whether the stack is as it was and the API answers",
    costs: "less than a cent",
    takes: "2 to 10 minutes",
};

pub(super) const REMOVAL: Description = Description {
    title: "what was made in the product",
    does: "deletes the plan, the group and the user that this run made",
    costs: "nothing",
    takes: "a few seconds",
};

pub(super) const DESTRUCTION: Description = Description {
    title: "destruction",
    does: "deletes the stacks and what they retain, and the deployment bucket where this run \
           made it: nothing of the environment is left",
    costs: "nothing; it ends all costs",
    takes: "10 to 20 minutes, most of it for the distribution",
};
