//! What is to be reached.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::records::{Case, Table};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    target: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    table: String,
    case: String,
    #[serde(rename = "impl", default = "ours")]
    pub implementation: String,
    pub at_least: Option<f64>,
    pub at_most_mb: Option<f64>,
}

fn ours() -> String {
    "gobrpc".to_owned()
}

impl Targets {
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        if !file.exists() {
            return Ok(Self::default());
        }
        toml::from_str(&fs::read_to_string(file)?).map_err(|error| format!("{}: {error}", file.display()).into())
    }

    /// The targets of one case.
    pub fn of<'a>(&'a self, table: &'a Table, case: &'a Case) -> impl Iterator<Item = &'a Target> {
        self.target.iter().filter(|target| target.table == table.name && target.case == case.name)
    }
}

impl Target {
    /// Whether it is reached; `None` if it was not measured.
    pub fn is_met(&self, case: &Case) -> Option<bool> {
        match (self.at_least, self.at_most_mb) {
            (Some(least), _) => Some(case.speed(&self.implementation)? >= least),
            (None, Some(most)) => Some(case.get(&self.implementation)?.memory()? <= most * 1e6),
            (None, None) => None,
        }
    }
}
