//! The page and its tables.

use std::fmt::Write;

use crate::machine;
use crate::records::{BASELINE, Case, Group, Run, Table};
use crate::targets::{Target, Targets};

/// One section, and what it says of its targets.
pub struct Section {
    text: String,
    met: usize,
    missed: Vec<String>,
}

pub fn page(run: &Run, sections: &[Section]) -> String {
    let mut page = "# Performance\n\nWritten by `scripts/bench.sh`; run it again on a machine that has nothing else to do.\n\
                    \nNumbers are ratios: how many times as fast as Go the implementation was, in the same round on the same \
                    machine. "
        .to_owned();
    let rounds = run.rounds;
    let _ = writeln!(
        page,
        "All implementations of a case are measured one after the other, and that {rounds} times; what stands here is the \
         median. The column \"Go\" is the median time of one operation."
    );
    let met: usize = sections.iter().map(|section| section.met).sum();
    let missed: Vec<&String> = sections.iter().flat_map(|section| &section.missed).collect();
    let _ = write!(page, "\nTargets: {met} of {} are met", met + missed.len());
    page += if missed.is_empty() { ".\n" } else { "; these are not:\n\n" };
    for missed in missed {
        let _ = writeln!(page, "* {missed}");
    }
    let _ = writeln!(page, "\nMachine: {}. Compiled by {}.", machine::describe(), machine::rustc());
    let versions: Vec<String> = run.versions.iter().map(|(name, version)| format!("{name} ({version})")).collect();
    let _ = writeln!(page, "Compared: {}.", versions.join(", "));
    for section in sections {
        page += &section.text;
    }
    page
}

pub fn section(group: &Group, about: &str, targets: &Targets, picture: &str) -> Section {
    let mut section = Section { text: String::new(), met: 0, missed: Vec::new() };
    let about = if about.is_empty() { format!("## {}\n", group.name) } else { about.to_owned() };
    let _ = write!(section.text, "\n{}\n\n![How many times as fast as Go]({picture})\n", about.trim_end());
    for table in &group.tables {
        let _ = write!(section.text, "\n### {}\n\n", table.name);
        speeds(table, targets, &mut section);
        allocations(table, &mut section.text);
    }
    section
}

fn speeds(table: &Table, targets: &Targets, section: &mut Section) {
    let memory = table.is_memory();
    let impls: Vec<&str> = table.impls().into_iter().filter(|name| memory || *name != BASELINE).collect();
    let mut header: Vec<String> = vec![String::new()];
    if !memory {
        header.push(BASELINE.to_owned());
    }
    header.extend(impls.iter().map(|name| (*name).to_owned()));
    header.extend(["target".to_owned(), "met".to_owned()]);
    row(&mut section.text, &header);
    row(
        &mut section.text,
        &header.iter().enumerate().map(|(n, _)| if n == 0 { "---" } else { "---:" }).collect::<Vec<_>>(),
    );
    for case in &table.cases {
        let mut cells = vec![case.name.clone()];
        if !memory {
            cells.push(case.get(BASELINE).and_then(|go| go.ns()).map_or_else(String::new, time));
        }
        for name in &impls {
            let cell = if memory {
                case.get(name).and_then(|this| this.memory()).map(|bytes| format!("{:.1} MB", bytes / 1e6))
            } else {
                case.speed(name).map(ratio)
            };
            cells.push(match cell {
                Some(cell) if name.starts_with("gobrpc") => format!("**{cell}**"),
                cell => cell.unwrap_or_default(),
            });
        }
        let (mut wanted, mut verdicts) = (Vec::new(), Vec::new());
        for target in targets.of(table, case) {
            wanted.push(describe(target));
            verdicts.push(match target.is_met(case) {
                Some(true) => {
                    section.met += 1;
                    "yes"
                }
                Some(false) => {
                    section.missed.push(miss(table, case, target));
                    "no"
                }
                None => "–",
            });
        }
        cells.extend([wanted.join("; "), verdicts.join("; ")]);
        row(&mut section.text, &cells);
    }
}

fn describe(target: &Target) -> String {
    let of = if target.implementation == "gobrpc" { String::new() } else { format!("{}: ", target.implementation) };
    match (target.at_least, target.at_most_mb) {
        (Some(least), _) => format!("{of}≥ {least}"),
        (None, Some(most)) => format!("{of}≤ {most} MB"),
        (None, None) => String::new(),
    }
}

fn miss(table: &Table, case: &Case, target: &Target) -> String {
    let reached = match target.at_least {
        Some(_) => case.speed(&target.implementation).map(ratio),
        None => case
            .get(&target.implementation)
            .and_then(|this| this.memory())
            .map(|bytes| format!("{:.1} MB", bytes / 1e6)),
    };
    format!("{}, {}: {} (wanted: {})", table.name, case.name, reached.unwrap_or_default(), describe(target))
}

/// How often memory was asked for.
fn allocations(table: &Table, text: &mut String) {
    let counted = |name: &&str| table.cases.iter().any(|case| case.get(name).is_some_and(|this| this.allocs.is_some()));
    let impls: Vec<&str> = table.impls().into_iter().filter(counted).collect();
    if impls.is_empty() {
        return;
    }
    *text += "\nAllocations of one operation:\n\n";
    let mut header = vec![""];
    header.extend(&impls);
    row(text, &header);
    row(text, &header.iter().enumerate().map(|(n, _)| if n == 0 { "---" } else { "---:" }).collect::<Vec<_>>());
    for case in &table.cases {
        let mut cells = vec![case.name.clone()];
        cells.extend(impls.iter().map(|name| {
            let allocs = case.get(name).and_then(|this| this.allocs);
            allocs.map_or_else(String::new, |allocs| format!("{allocs:.0}"))
        }));
        row(text, &cells);
    }
}

fn row<T: AsRef<str>>(text: &mut String, cells: &[T]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

pub fn ratio(ratio: f64) -> String {
    if ratio >= 20.0 {
        format!("{ratio:.0}")
    } else if ratio >= 3.0 {
        format!("{ratio:.1}")
    } else {
        format!("{ratio:.2}")
    }
}

fn time(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e5 => format!("{:.2} µs", ns / 1e3),
        ns if ns < 1e6 => format!("{:.0} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
