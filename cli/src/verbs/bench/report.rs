//! What is printed of a load.

use std::io::{self, Write};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use hdrhistogram::Histogram;
use serde::Serialize;
use serde_json::json;

use super::load::{Load, Outcome};
use crate::capture::show::Plain;

const PERCENTILES: [f64; 7] = [50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99];

/// How wide the longest bar of the histogram is.
const BAR: u64 = 40;

const HEAD: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default();
const BARS: Style = AnsiColor::Green.on_default();

/// The calls that took so long at most, and longer than those of the bucket before.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Bucket {
    up_to_ns: u64,
    calls: u64,
}

pub(super) fn print(load: &Load, outcome: &Outcome, as_json: bool) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    if as_json {
        json(&mut out, load, outcome)?;
    } else {
        text(&mut out, load, outcome)?;
    }
    out.flush()
}

fn rate(outcome: &Outcome) -> f64 {
    let calls = outcome.latency.len() + outcome.failed();
    calls as f64 / outcome.took.as_secs_f64().max(1e-9)
}

fn json(out: &mut impl Write, load: &Load, outcome: &Outcome) -> io::Result<()> {
    let Outcome { latency, errors, took, .. } = outcome;
    let percentiles: serde_json::Map<_, _> =
        PERCENTILES.iter().map(|&p| (p.to_string(), latency.value_at_percentile(p).into())).collect();
    let document = json!({
        "addr": load.connect.addr,
        "method": load.method,
        "connections": load.connections,
        "in_flight": load.in_flight,
        "calls": latency.len() + outcome.failed(),
        "failed": outcome.failed(),
        "errors": errors,
        "seconds": took.as_secs_f64(),
        "calls_per_second": rate(outcome),
        "latency_ns": {
            "min": latency.min(),
            "mean": latency.mean(),
            "stddev": latency.stdev(),
            "max": latency.max(),
            "percentiles": percentiles,
            "histogram": buckets(latency),
        },
    });
    writeln!(out, "{document}")
}

fn text(out: &mut impl Write, load: &Load, outcome: &Outcome) -> io::Result<()> {
    let Outcome { latency, errors, took, .. } = outcome;
    let failed = outcome.failed();
    let calls = latency.len() + failed;
    writeln!(
        out,
        "{HEAD}{}{HEAD:#} at {}: {} connection{}, {} call{} at a time on each",
        load.method,
        load.connect.addr,
        load.connections,
        plural(load.connections),
        load.in_flight,
        plural(load.in_flight)
    )?;
    writeln!(out, "\n{HEAD}calls{HEAD:#}      {calls} in {took:.2?}, {:.0} a second", rate(outcome))?;
    if failed > 0 {
        let percent = 100.0 * failed as f64 / calls as f64;
        writeln!(out, "{HEAD}errors{HEAD:#}     {ERROR}{failed}, {percent:.2} %{ERROR:#}")?;
        for (error, count) in errors {
            writeln!(out, "           {count:>8}  {}", Plain(error))?;
        }
    }
    if latency.is_empty() {
        return Ok(());
    }
    let ns = |ns: u64| short(Duration::from_nanos(ns));
    writeln!(
        out,
        "{HEAD}latency{HEAD:#}    min {}, mean {}, max {}",
        ns(latency.min()),
        ns(latency.mean() as u64),
        ns(latency.max())
    )?;
    for p in PERCENTILES {
        writeln!(out, "  {:>7}  {:>9}", format!("{p} %"), ns(latency.value_at_percentile(p)))?;
    }
    writeln!(out, "{HEAD}histogram{HEAD:#}")?;
    let buckets = buckets(latency);
    let most = buckets.iter().map(|bucket| bucket.calls).max().unwrap_or(1).max(1);
    for Bucket { up_to_ns, calls } in &buckets {
        let bar = "■".repeat(usize::try_from((calls * BAR).div_ceil(most)).unwrap_or(0));
        writeln!(out, "  ≤ {:>7}  {calls:>8}  {BARS}{bar}{BARS:#}", ns(*up_to_ns))?;
    }
    Ok(())
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Three digits of a duration.
fn short(duration: Duration) -> String {
    let ns = duration.as_nanos() as f64;
    let (value, unit) = match ns {
        ns if ns < 1e3 => (ns, "ns"),
        ns if ns < 1e6 => (ns / 1e3, "µs"),
        ns if ns < 1e9 => (ns / 1e6, "ms"),
        ns => (ns / 1e9, "s"),
    };
    let decimals = match value {
        value if value < 10.0 && unit != "ns" => 2,
        value if value < 100.0 && unit != "ns" => 1,
        _ => 0,
    };
    format!("{value:.decimals$} {unit}")
}

/// Buckets that end at 1, 2 and 5 of every power of ten, from the first that has calls to the last one.
fn buckets(latency: &Histogram<u64>) -> Vec<Bucket> {
    let ends = (0..20).flat_map(|power| [1, 2, 5].map(|digit| 10_u64.saturating_pow(power).saturating_mul(digit)));
    let mut values = latency.iter_recorded().peekable();
    let mut buckets = Vec::new();
    for up_to_ns in ends {
        let mut calls = 0;
        while let Some(value) = values.next_if(|value| value.value_iterated_to() <= up_to_ns) {
            calls += value.count_at_value();
        }
        if calls > 0 || !buckets.is_empty() {
            buckets.push(Bucket { up_to_ns, calls });
        }
        if values.peek().is_none() {
            break;
        }
    }
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_three_digits() {
        let cases =
            [(7, "7 ns"), (1_234, "1.23 µs"), (45_678, "45.7 µs"), (999_000_000, "999 ms"), (2_000_000_000, "2.00 s")];
        for (ns, text) in cases {
            assert_eq!(short(Duration::from_nanos(ns)), text);
        }
    }

    #[test]
    fn every_call_is_in_one_bucket() {
        let mut latency = Histogram::<u64>::new(3).unwrap();
        for ns in [100, 101, 200, 201, 999, 1000, 30_000] {
            latency.record(ns).unwrap();
        }
        let buckets = buckets(&latency);
        assert_eq!(buckets.iter().map(|bucket| bucket.calls).sum::<u64>(), 7);
        assert_eq!(buckets.first(), Some(&Bucket { up_to_ns: 100, calls: 1 }));
        assert_eq!(buckets.last().map(|bucket| bucket.up_to_ns), Some(50_000));
    }
}
