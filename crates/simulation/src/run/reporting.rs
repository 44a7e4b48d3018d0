//! What is reported when a run is over.

use domain::execution::queries::status::status;

use super::Stage;
use super::report::Report;

impl Stage<'_> {
    pub(super) fn report(mut self) -> Report {
        if !self.is_calm {
            self.note_rules();
        }
        self.seen.crowds = self.scheduler.crowds;
        self.seen.table_faults = self.watched.dice().thrown;
        self.seen.malformed_listings =
            self.story.trouble.malformed_listings - self.drs.malformed.left();
        let outcomes = self
            .latest
            .current()
            .map(|stored| status(&stored.execution))
            .collect();
        let mut trace = self.process.take_trace();
        trace.extend(self.checker.take_log());
        trace.sort();
        Report {
            seed: self.story.seed,
            broken: self.checker.broken.clone(),
            outcomes,
            steps: self.steps,
            size: (self.story.servers(), self.story.waves()),
            drill_flags: self.checker.drill_flags(),
            saves: self.checker.saves,
            launches: self.checker.launches,
            crashes: self.process.crashes(),
            pairs: self.checker.take_pairs(),
            seen: self.seen,
            trace,
        }
    }
}
