//! `report DOCS BENCHES FILE…` writes the tables and plots of `docs/` from what the benchmarks printed into the files.
//! See the README of this workspace for what that is.

mod machine;
mod markdown;
mod plot;
mod records;
mod targets;

use std::error::Error;
use std::fs;
use std::path::Path;

use records::Run;
use targets::Targets;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [docs, benches, files @ ..] = &args[..] else {
        eprintln!("report DOCS BENCHES FILE…");
        std::process::exit(2);
    };
    let (docs, benches) = (Path::new(docs), Path::new(benches));
    let mut run = Run::default();
    for file in files {
        run.read(&fs::read_to_string(file)?).map_err(|error| format!("{file}: {error}"))?;
    }

    fs::create_dir_all(docs)?;
    let mut sections = Vec::new();
    for group in &run.groups {
        let directory = benches.join(&group.name);
        let about = fs::read_to_string(directory.join("about.md")).unwrap_or_default();
        let targets = Targets::read(&directory.join("targets.toml"))?;
        let picture = format!("performance-{}.svg", group.name);
        fs::write(docs.join(&picture), plot::draw(group, &targets))?;
        sections.push(markdown::section(group, &about, &targets, &picture));
    }
    fs::write(docs.join("performance.md"), markdown::page(&run, &sections))?;
    Ok(())
}
