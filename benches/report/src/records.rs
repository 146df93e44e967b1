//! What was measured, in the order in which it was met.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The implementation that all others are compared with.
pub const BASELINE: &str = "Go";

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Version {
        #[serde(rename = "impl")]
        implementation: String,
        version: String,
    },
    Measured(Record),
}

#[derive(Deserialize)]
struct Record {
    group: String,
    table: String,
    case: String,
    #[serde(rename = "impl")]
    implementation: String,
    round: u32,
    ns: Option<f64>,
    memory: Option<f64>,
    allocs: Option<f64>,
    bytes: Option<f64>,
}

/// All that was measured.
#[derive(Default)]
pub struct Run {
    pub versions: Vec<(String, String)>,
    pub groups: Vec<Group>,
    pub rounds: u32,
}

pub struct Group {
    pub name: String,
    pub tables: Vec<Table>,
}

pub struct Table {
    pub name: String,
    pub cases: Vec<Case>,
}

pub struct Case {
    pub name: String,
    pub impls: Vec<Impl>,
}

/// One implementation of a case, by round.
#[derive(Default)]
pub struct Impl {
    pub name: String,
    ns: BTreeMap<u32, f64>,
    memory: BTreeMap<u32, f64>,
    pub allocs: Option<f64>,
    pub bytes: Option<f64>,
}

impl Run {
    /// Takes up the lines that a benchmark printed.
    pub fn read(&mut self, lines: &str) -> Result<(), serde_json::Error> {
        for line in lines.lines().filter(|line| !line.is_empty()) {
            match serde_json::from_str(line)? {
                Line::Version { implementation, version } => {
                    let version = (implementation, version);
                    if !self.versions.contains(&version) {
                        self.versions.push(version);
                    }
                }
                Line::Measured(record) => self.take(record),
            }
        }
        Ok(())
    }

    fn take(&mut self, record: Record) {
        let Record { group, table, case, implementation, round, .. } = record;
        let group = named(&mut self.groups, |g| g.name == group, || Group { name: group.clone(), tables: vec![] });
        let table = named(&mut group.tables, |t| t.name == table, || Table { name: table.clone(), cases: vec![] });
        let case = named(&mut table.cases, |c| c.name == case, || Case { name: case.clone(), impls: vec![] });
        let new = || Impl { name: implementation.clone(), ..Impl::default() };
        let this = named(&mut case.impls, |i| i.name == implementation, new);
        if let Some(ns) = record.ns {
            self.rounds = self.rounds.max(round + 1);
            this.ns.insert(round, ns);
        }
        if let Some(memory) = record.memory {
            this.memory.insert(round, memory);
        }
        this.allocs = record.allocs.or(this.allocs);
        this.bytes = record.bytes.or(this.bytes);
    }
}

fn named<T>(items: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let index = items.iter().position(is).unwrap_or_else(|| {
        items.push(new());
        items.len() - 1
    });
    &mut items[index]
}

impl Table {
    /// All implementations in any of its cases.
    pub fn impls(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for implementation in self.cases.iter().flat_map(|case| &case.impls) {
            if !names.contains(&implementation.name.as_str()) {
                names.push(&implementation.name);
            }
        }
        names
    }

    /// Whether it is about memory, and not about time.
    pub fn is_memory(&self) -> bool {
        self.cases.iter().flat_map(|case| &case.impls).any(|implementation| !implementation.memory.is_empty())
    }
}

impl Case {
    pub fn get(&self, implementation: &str) -> Option<&Impl> {
        self.impls.iter().find(|known| known.name == implementation)
    }

    /// How many times as fast as the baseline: the median of the ratios within a round.
    pub fn speed(&self, implementation: &str) -> Option<f64> {
        let (baseline, this) = (self.get(BASELINE)?, self.get(implementation)?);
        median(this.ns.iter().filter_map(|(round, ns)| Some(baseline.ns.get(round)? / ns)).collect())
    }
}

impl Impl {
    pub fn ns(&self) -> Option<f64> {
        median(self.ns.values().copied().collect())
    }

    pub fn memory(&self) -> Option<f64> {
        median(self.memory.values().copied().collect())
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
