//! Plays seeds: `simulation --seeds N [--from S] [--seconds T] [--brief]`, or one of them:
//! `simulation --seed S [--trace]`. With `--covers TIMES` it fails, too, where a fault met nobody
//! so often, and with `--every-pair` where a state and an event never met that can. A failure
//! prints its seed, its law and the simplest story
//! that breaks the same law.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use simulation::sweep::{Plan, Sweep, shrink};
use simulation::{Story, run, run_with_trace};

/// Every decision makes a new execution: most of the time of a run goes into allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Default)]
struct Wish {
    seed: Option<u64>,
    seeds: Option<u64>,
    from: u64,
    seconds: Option<u64>,
    threads: Option<u64>,
    covers: Option<u64>,
    every_pair: bool,
    trace: bool,
    brief: bool,
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let wish = match read(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(text) => {
            let _ = writeln!(out, "{text}");
            return ExitCode::from(2);
        }
    };
    let told = match wish.seed {
        Some(seed) => one(&mut out, seed, &wish),
        None => many(&mut out, &wish),
    };
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Wish, String> {
    let mut wish = Wish::default();
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words
                .next()
                .and_then(|value| value.replace('_', "").parse().ok());
            value.ok_or_else(|| format!("{word} needs a number"))
        };
        match word.as_str() {
            "--seed" => wish.seed = Some(number()?),
            "--seeds" => wish.seeds = Some(number()?),
            "--from" => wish.from = number()?,
            "--seconds" => wish.seconds = Some(number()?),
            "--threads" => wish.threads = Some(number()?),
            "--covers" => wish.covers = Some(number()?),
            "--every-pair" => wish.every_pair = true,
            "--trace" => wish.trace = true,
            "--brief" => wish.brief = true,
            _ => {
                return Err(format!(
                    "unknown option {word}\nusage: simulation --seeds N [--from S] [--seconds T] \
                     [--threads T] [--covers TIMES] \
                     [--every-pair] [--brief] | --seed S [--trace]"
                ));
            }
        }
    }
    Ok(wish)
}

fn many(out: &mut impl Write, wish: &Wish) -> std::io::Result<bool> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = wish.threads.and_then(|number| usize::try_from(number).ok());
    let sweep = Sweep::of(Plan {
        from: wish.from,
        seeds: wish.seeds.unwrap_or(1_000),
        threads: threads.unwrap_or(cores),
        budget: wish.seconds.map(Duration::from_secs),
        tell: if wish.brief { |_, _| () } else { say_progress },
    });
    if !wish.brief {
        write!(out, "{sweep}")?;
    }
    let Some((seed, broken)) = sweep.failures.first_key_value() else {
        writeln!(out, "no law was broken in {} stories", sweep.runs)?;
        return is_covered(out, &sweep, wish);
    };
    let runs = sweep.runs;
    let law = broken.first().map_or("", |broken| broken.law);
    writeln!(out, "BROKEN {law} | seed {seed} | after {runs} stories")?;
    for broken in broken {
        writeln!(out, "  {} {}: {}", broken.at, broken.law, broken.text)?;
    }
    if !wish.brief {
        tell_simplest(out, &Story::of(*seed), law)?;
    }
    Ok(false)
}

/// On the error output: the other is what came of it.
fn say_progress(played: u64, took: Duration) {
    let seconds = took.as_secs();
    let rate = played / seconds.max(1);
    let _ = writeln!(
        std::io::stderr(),
        "{played} stories in {seconds} s: {rate} a second"
    );
}

/// Whether each fault met somebody so often, and the pairs of states and events are as they
/// should be: those that can be were met, where that is asked for, and no other.
fn is_covered(out: &mut impl Write, sweep: &Sweep, wish: &Wish) -> std::io::Result<bool> {
    let mut gaps = sweep.impossible_pairs_met();
    gaps.extend(sweep.rare_faults(wish.covers.unwrap_or(0)));
    if wish.every_pair {
        gaps.extend(sweep.pairs_not_met());
    }
    for gap in &gaps {
        writeln!(out, "NOT COVERED: {gap}")?;
    }
    Ok(gaps.is_empty())
}

fn one(out: &mut impl Write, seed: u64, wish: &Wish) -> std::io::Result<bool> {
    let story = Story::of(seed);
    let report = if wish.trace {
        run_with_trace(&story)
    } else {
        run(&story)
    };
    if wish.trace {
        writeln!(out, "{story:#?}")?;
    }
    for line in &report.trace {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "seed {seed}: {:?}, {} steps, {} saves, {} launches; {:?}",
        report.outcomes, report.steps, report.saves, report.launches, report.seen
    )?;
    let Some(first) = report.broken.first() else {
        writeln!(out, "no law was broken")?;
        return Ok(true);
    };
    for broken in &report.broken {
        writeln!(
            out,
            "BROKEN {} at {}: {}",
            broken.law, broken.at, broken.text
        )?;
    }
    if !wish.trace {
        tell_simplest(out, &story, first.law)?;
    }
    Ok(false)
}

fn tell_simplest(out: &mut impl Write, story: &Story, law: &str) -> std::io::Result<()> {
    let (simplest, runs) = shrink(story, law);
    let report = run_with_trace(&simplest);
    writeln!(
        out,
        "the simplest story found in {runs} runs: {simplest:#?}"
    )?;
    for line in &report.trace {
        writeln!(out, "{line}")?;
    }
    for broken in &report.broken {
        writeln!(out, "  {} {}: {}", broken.at, broken.law, broken.text)?;
    }
    Ok(())
}
