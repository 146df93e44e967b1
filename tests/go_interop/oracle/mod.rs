//! Types and values made up at random, put to Go's gob and to ours: the same bytes out, the same values in, the same
//! streams refused.
//!
//! Here they are made up, and a failing one made small; what is asked of them is elsewhere.

pub(crate) mod checks;
mod excuses;
mod mutate;
pub(crate) mod peer;
pub(crate) mod report;
pub(crate) mod types;
pub(crate) mod values;
pub(crate) mod wire;

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::checks::{Given, Tally};
use self::peer::Program;
use self::types::{Choices, Types};
use self::values::Val;
use self::wire::Case;

/// What a case is made from.
#[derive(Debug, Clone)]
struct Recipe {
    types: Choices,
    values: Vec<Vec<u64>>,
    mutations: Vec<[u64; 3]>,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let number = prop_oneof![3 => 0..1000_u64, 1 => any::<u64>()];
    let value = proptest::collection::vec(number, 0..60);
    let values = proptest::collection::vec(value, 1..4);
    let mutations = proptest::collection::vec(any::<[u64; 3]>(), MUTATIONS);
    (types::choices(), values, mutations).prop_map(|(types, values, mutations)| Recipe { types, values, mutations })
}

const MUTATIONS: usize = 24;

impl Recipe {
    /// The case with this number, its values, and what becomes of their stream when it is damaged.
    fn prepare(&self, number: usize, splice: &[u8]) -> (Case, Given) {
        let types = self.types();
        let values = self.values(&types);
        let backwards = |numbers: &Vec<u64>| numbers.iter().rev().copied().collect::<Vec<_>>();
        let others = self.values.iter().map(|numbers| types.top_value(&types.other, &backwards(numbers))).collect();
        let case = Case::new(types, number);
        let (bytes, _) = case.encode(&values);
        let streams = self.mutations.iter().map(|numbers| mutate::mutate(&bytes, splice, *numbers)).collect();
        (case, Given { values, others, streams })
    }

    fn types(&self) -> Types {
        Types::make(&self.types)
    }

    fn values(&self, types: &Types) -> Vec<Val> {
        self.values.iter().map(|numbers| types.top_value(&types.top, numbers)).collect()
    }
}

/// Puts a case to both sides: the case with this number in the program.
pub(crate) type Examine = fn(&Case, &Given, &Program, usize) -> Result<Tally, String>;

/// Runs a number of cases; panics with the first that fails, made small.
pub(crate) fn run(count: usize, seed: u64, examine: Examine) -> Tally {
    const BATCH: usize = 250;

    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut tally = Tally::default();
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{}", std::process::id()));
    let mut done = 0;
    while done < count {
        let size = BATCH.min(count - done);
        let mut trees: Vec<_> = (0..size).map(|_| recipe().new_tree(&mut runner).expect("a recipe")).collect();
        let recipes: Vec<Recipe> = trees.iter().map(ValueTree::current).collect();
        let types: Vec<Types> = recipes.iter().map(Recipe::types).collect();
        let program = Program::build(&dir, &types.iter().enumerate().collect::<Vec<_>>());
        let splice = splice(&recipes[0]);
        let failed = std::thread::scope(|scope| {
            let (recipes, program, splice) = (&recipes, &program, &splice);
            let halves = [0, 1].map(|half| {
                scope.spawn(move || {
                    let mut tally = Tally::default();
                    for index in (half..size).step_by(2) {
                        let (case, given) = recipes[index].prepare(index, splice);
                        match examine(&case, &given, program, index) {
                            Ok(counted) => tally.add(&counted),
                            Err(text) => return (tally, Some((index, text))),
                        }
                    }
                    (tally, None)
                })
            });
            let mut failed = None;
            for half in halves {
                let (counted, error) = half.join().expect("no panic");
                tally.add(&counted);
                failed = failed.or(error);
            }
            failed
        });
        if let Some((index, text)) = failed {
            let text = shrink(&mut trees[index], &dir, &splice, examine, text);
            panic!("case {} of seed {seed}: {text}", done + index);
        }
        done += size;
    }
    let _ = std::fs::remove_dir_all(&dir);
    tally
}

/// A stream to take pieces from.
fn splice(recipe: &Recipe) -> Vec<u8> {
    let types = recipe.types();
    let values = recipe.values(&types);
    Case::new(types, 0).encode(&values).0
}

/// Looks for the smallest case that fails.
fn shrink(
    tree: &mut impl ValueTree<Value = Recipe>,
    dir: &std::path::Path,
    splice: &[u8],
    examine: Examine,
    mut text: String,
) -> String {
    const TRIES: usize = 120;

    let mut smallest = tree.current();
    let mut simpler = tree.simplify();
    for _ in 0..TRIES {
        if !simpler {
            break;
        }
        let recipe = tree.current();
        let (case, given) = recipe.prepare(0, splice);
        let program = Program::build(dir, &[(0, &case.types)]);
        match examine(&case, &given, &program, 0) {
            Ok(_) => simpler = tree.complicate(),
            Err(found) => {
                (smallest, text) = (recipe, found);
                simpler = tree.simplify();
            }
        }
    }
    let (case, given) = smallest.prepare(0, splice);
    let go = report::go_program(&case.types, &given);
    format!("{text}\n\n{go}\n{}", report::rust_test(&case.types, &given))
}

/// A number from the environment.
pub(crate) fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}
