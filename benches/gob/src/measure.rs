//! Measuring one operation, and the record of it.

use std::time::{Duration, Instant};

use serde::Serialize;

/// One line of output. See the README of this workspace.
#[derive(Serialize)]
pub struct Record<'a> {
    pub group: &'a str,
    pub table: &'a str,
    pub case: &'a str,
    #[serde(rename = "impl")]
    pub implementation: &'a str,
    pub round: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ns: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocs: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<f64>,
}

/// The time of one operation: the median of some stretches, which together take about the budget.
pub fn time(op: &mut dyn FnMut(), budget: Duration) -> f64 {
    const STRETCHES: usize = 5;

    op();
    let stretch = budget / STRETCHES as u32;
    let mut count = 1;
    loop {
        let took = run(op, count);
        if took >= stretch / 2 {
            count = ((count as f64 * stretch.as_secs_f64() / took.as_secs_f64()) as u64).max(1);
            break;
        }
        count *= 2;
    }
    let mut times: Vec<f64> = (0..STRETCHES).map(|_| run(op, count).as_secs_f64() * 1e9 / count as f64).collect();
    times.sort_by(f64::total_cmp);
    times[STRETCHES / 2]
}

fn run(op: &mut dyn FnMut(), count: u64) -> Duration {
    let start = Instant::now();
    for _ in 0..count {
        op();
    }
    start.elapsed()
}
