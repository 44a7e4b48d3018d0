//! A sweep as people read it.

use std::fmt::{self, Display, Formatter};

use super::Sweep;
use super::coverage;
use crate::checker::{ALL_COMMANDS, STATUSES};
use crate::crash_points::Edge;
use crate::story::ALL_FAULTS;

const SIZES: [&str; 5] = ["servers", "waves", "crashes", "faults", "commands"];

impl Display for Sweep {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.took.as_secs_f64().max(f64::MIN_POSITIVE);
        #[expect(clippy::cast_precision_loss, reason = "a rate is a rounded number")]
        let rate = |number: u64| number as f64 / seconds;
        let threads = self.threads;
        writeln!(
            to,
            "{} stories with {} executions in {seconds:.1} s on {threads} threads: {:.0} executions/s, {:.0} stories/s",
            self.runs,
            self.executions,
            rate(self.executions),
            rate(self.runs),
        )?;
        writeln!(
            to,
            "{} steps ({} of them with several processes at once), {} saves, {} launches, {} commands refused, {} calls of tables failed",
            self.steps, self.crowds, self.saves, self.launches, self.refused, self.table_faults
        )?;
        self.distributions(to)?;
        let outcomes: Vec<String> = self
            .outcomes
            .iter()
            .map(|(word, times)| format!("{word} {times}"))
            .collect();
        writeln!(to, "outcomes: {}", outcomes.join(", "))?;
        self.faults(to)?;
        self.crashes(to)?;
        self.coverage(to)
    }
}

impl Sweep {
    fn distributions(&self, to: &mut Formatter<'_>) -> fmt::Result {
        writeln!(to, "of a story:      10 %   median     90 %      most")?;
        for (name, list) in SIZES.iter().zip(&self.sizes) {
            let mut sorted = list.clone();
            sorted.sort_unstable();
            let at = |part: usize| {
                let last = sorted.len().saturating_sub(1);
                sorted.get(last * part / 100).copied().unwrap_or_default()
            };
            writeln!(
                to,
                "  {name:9} {:10} {:8} {:8} {:9}",
                at(10),
                at(50),
                at(90),
                at(100)
            )?;
        }
        Ok(())
    }

    fn faults(&self, to: &mut Formatter<'_>) -> fmt::Result {
        writeln!(to, "faults that met somebody:")?;
        for kind in ALL_FAULTS {
            let times = self.faults.get(&kind).copied().unwrap_or_default();
            writeln!(to, "  {times:9}  {}", kind.label())?;
        }
        for (name, times) in &self.happenings {
            writeln!(to, "  {times:9}  {name}")?;
        }
        writeln!(to, "  {:9}  F26 malformed listing", self.malformed_listings)?;
        writeln!(
            to,
            "  {:9}  F30 death after a launch",
            self.deaths_after_launch()
        )?;
        Ok(())
    }

    fn crashes(&self, to: &mut Formatter<'_>) -> fmt::Result {
        writeln!(to, "deaths before and after a call:")?;
        let mut calls: Vec<&str> = self.crashes.keys().map(|(call, _)| *call).collect();
        calls.dedup();
        for call in calls {
            let times = |edge| {
                let point = self.crashes.iter();
                let mut point = point.filter(|((name, at), _)| *name == call && *at == edge);
                point.next().map_or(0, |(_, times)| *times)
            };
            writeln!(
                to,
                "  {:9} {:9}  {call}",
                times(Edge::Before),
                times(Edge::After)
            )?;
        }
        Ok(())
    }

    fn coverage(&self, to: &mut Formatter<'_>) -> fmt::Result {
        let pairs = &self.pairs;
        let possible = coverage::possible_pairs();
        writeln!(
            to,
            "(state of a batch, event): {} of {} that can be; (status, command): {} of {}",
            pairs.batches.len(),
            possible,
            pairs.commands.len(),
            STATUSES.len() * ALL_COMMANDS.len()
        )?;
        for gap in self.pairs_not_met() {
            writeln!(to, "  {gap}")?;
        }
        Ok(())
    }
}
