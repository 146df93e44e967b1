//! `bench-gob round N GO-PROGRAM [FILTER]` measures every case once and prints a record for each implementation.

use std::time::Duration;

use bench_gob::cases::CASES;
use bench_gob::go::Go;
use bench_gob::measure::{Record, time};
use bench_gob::ours::{Payload, stream};
use bench_gob::payloads::{p1, p2, p3, p4, p5, p6, p7, p8, p9};
use serde_json::json;

/// How long each measurement takes.
const BUDGET: Duration = Duration::from_millis(60);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [command, round, program, filter @ ..] = &args[..] else { usage() };
    let (Ok(round), "round") = (round.parse(), &command[..]) else { usage() };
    check_contents(program);
    let mut go = Go::start(program).expect("the Go program starts");
    print_versions(&mut go);

    for case in CASES {
        if !filter.iter().all(|part| format!("{} {}", case.table, case.name).contains(part)) {
            continue;
        }
        let print = |implementation, ns, allocs, bytes| {
            let (group, table, case) = ("gob", case.table, case.name);
            let record = Record { group, table, case, implementation, round, ns, allocs, bytes };
            println!("{}", serde_json::to_string(&record).expect("a record is JSON"));
        };
        let measured = go.measure(case.table, case.payload(), BUDGET.as_millis());
        print("Go", Some(measured.ns), Some(measured.allocs), Some(measured.bytes));
        for (name, mut op) in (case.ops)() {
            print(name, Some(time(&mut op, BUDGET)), None, None);
        }
    }
}

fn usage() -> ! {
    eprintln!("bench-gob round N GO-PROGRAM [FILTER]");
    std::process::exit(2);
}

/// Both sides must hold the same values, or all figures are worthless.
fn check_contents(program: &str) {
    fn same<T: Payload + PartialEq>(program: &str, name: &str, value: &T, has_map: bool) {
        // Type ids are those of a fresh process.
        let theirs = Go::start(program).expect("the Go program starts").dump(name);
        assert!(
            gobrpc::gob::from_slice::<T>(&theirs).is_ok_and(|theirs| theirs == *value),
            "{name}: Go's value is another one"
        );
        assert!(has_map || stream(value) == theirs, "{name}: Go's bytes are other ones");
    }
    same(program, "P1", &p1(), false);
    same(program, "P2", &p2(), false);
    same(program, "P3", &p3(), false);
    same(program, "P4", &p4(), false);
    same(program, "P5", &p5(), true);
    same(program, "P6", &p6(), false);
    same(program, "P7", &p7(), true);
    same(program, "P8", &p8(), true);
    same(program, "P9", &p9(), false);
}

fn print_versions(go: &mut Go) {
    let version = |name: &str, version: &str| println!("{}", json!({ "impl": name, "version": version }));
    version("Go", &go.version());
    version("gobwire", "0.1.0");
    version("gob 0.1", "0.1.0");
    version("postcard", "1.1");
}
