//! What the look at a start says of each server, and what follows for the start.

use domain::counted::counted;
use domain::execution::event::LaunchLook;
use domain::launchability::{Consent, Launchability, LiveInstance, guard, judge};
use domain::text::some_of;
use domain::{Kind, SourceServerId};

use crate::error::NAMED_MAX;
use crate::{About, EngineError, RefusalCode};

/// Servers that stand in the way of a start.
#[derive(Default)]
pub(super) struct Verdicts {
    not_recoverable: Vec<(SourceServerId, String)>,
    guarded: Vec<(SourceServerId, String)>,
}

impl Verdicts {
    pub(super) fn add(&mut self, look: &LaunchLook, kind: Kind, consent: &Consent) {
        for seen in &look.servers {
            match judge(seen, kind, consent) {
                Launchability::Launch { .. }
                | Launchability::InJob(_)
                | Launchability::InDoubt(_)
                | Launchability::CarriedOver(..) => {}
                Launchability::NotRecoverable(reason) | Launchability::Lagging(reason) => {
                    self.not_recoverable.push((seen.id.clone(), reason));
                }
                Launchability::Guarded(_, reason) => self.guarded.push((seen.id.clone(), reason)),
            }
        }
    }

    /// What a look that failed has seen all the same.
    pub(super) fn add_seen(
        &mut self,
        live_instances: &[(SourceServerId, LiveInstance)],
        kind: Kind,
        consent: &Consent,
    ) {
        let guarded = live_instances
            .iter()
            .filter_map(|(id, live)| Some((id.clone(), guard(id, live, kind, consent)?)));
        self.guarded.extend(guarded);
    }

    /// A recovery is never refused for servers that cannot be recovered: the rest launch.
    pub(super) fn refuse(self, kind: Kind) -> Result<(), EngineError> {
        if kind == Kind::Drill && !self.not_recoverable.is_empty() {
            let detail = format!(
                "{} cannot be used in a drill now: {}.",
                counted(self.not_recoverable.len(), "server", "servers"),
                sentence(&self.not_recoverable)
            );
            let code = RefusalCode::ServersNotRecoverable;
            return Err(refused(code, detail, self.not_recoverable));
        }
        if !self.guarded.is_empty() {
            let detail = format!(
                "A launch would destroy live instances: {}.",
                sentence(&self.guarded)
            );
            let code = RefusalCode::ServerHasLiveRecoveryInstance;
            return Err(refused(code, detail, self.guarded));
        }
        Ok(())
    }
}

fn refused(
    code: RefusalCode,
    detail: String,
    servers: Vec<(SourceServerId, String)>,
) -> EngineError {
    let about = About {
        servers,
        ..About::default()
    };
    EngineError::refused_about(code, detail, about)
}

/// The first of them; the answer has all.
fn sentence(servers: &[(SourceServerId, String)]) -> String {
    let each = servers
        .iter()
        .map(|(server, reason)| format!("{server} ({reason})"));
    some_of(each, NAMED_MAX)
}
