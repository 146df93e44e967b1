//! Counts the allocations of every case. It is a program of its own because counting takes time.

use std::alloc::System;

use bench_gob::cases::CASES;
use bench_gob::measure::Record;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    const TIMES: usize = 16;

    for case in CASES {
        for (implementation, mut op) in (case.ops)() {
            // What the first values make the buffers grow to is not counted.
            (0..TIMES).for_each(|_| op());
            let region = Region::new(GLOBAL);
            (0..TIMES).for_each(|_| op());
            let change = region.change();
            let per_op = |count: usize| Some(count as f64 / TIMES as f64);
            let record = Record {
                group: "gob",
                table: case.table,
                case: case.name,
                implementation,
                round: 0,
                ns: None,
                allocs: per_op(change.allocations + change.reallocations),
                bytes: per_op(change.bytes_allocated),
            };
            println!("{}", serde_json::to_string(&record).expect("a record is JSON"));
        }
    }
}
