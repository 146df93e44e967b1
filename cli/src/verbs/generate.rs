//! `gobrpc gen`: Rust from Go source.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::emit::rust;
use crate::error::{Error, Result};
use crate::input::FileOrStdin;
use crate::model::Remark;
use crate::model::source::{self, File};

/// Write Rust types, constants and service traits from Go source
///
/// Structs get the derives, types with constants become newtypes with the constants in them (any other value of the
/// type may come too, and is kept), methods of net/rpc's shape become `#[service]` traits, of which there is a client
/// and a server. Interfaces become `gobrpc::gob::Value`. What cannot be translated is said on stderr, with its line.
///
/// Give all files of a package together, and those of other packages that it uses with them: each package becomes a
/// module. The output is for a file of its own, `mod NAME;`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Go source files, or directories of them; `-` is stdin
    #[arg(required = true, value_name = "FILE.go")]
    files: Vec<FileOrStdin>,
    /// The import path of the package, if there is no go.mod that tells it
    #[arg(long, value_name = "PATH")]
    package: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  gobrpc gen service.go > src/service.rs
  gobrpc gen ./messages ./lambda/function.go > src/lambda.rs
  gobrpc gen --package example.com/shapes - < shapes.go > src/shapes.rs

Then, in Rust:
  mod service;
  let arith = service::ArithClient::new(gobrpc::rpc::Client::connect(\"localhost:1234\").await?);
  let product = arith.multiply(service::Args { a: 6, b: 7 }).await?;";

pub(crate) fn run(args: Args) -> Result<()> {
    let mut files = Vec::new();
    for file in &args.files {
        match file {
            FileOrStdin::File(path) if path.is_dir() => {
                for path in go_files(path)? {
                    files.push(read(&FileOrStdin::File(path), args.package.as_deref())?);
                }
            }
            file => files.push(read(file, args.package.as_deref())?),
        }
    }
    let (model, remarks) = source::read(&files).map_err(|(file, error)| {
        let name = &files[file].name;
        Error::data(format_args!("{name}: {error}"))
    })?;
    let names: Vec<String> = files.iter().map(|file| base_name(&file.name)).collect();
    let is_empty = remarks.is_empty() && model.packages.iter().all(|package| package.items.is_empty());
    if is_empty && !files.iter().any(|file| file.text.lines().any(is_package_clause)) {
        return Err(Error::data(format_args!("there is no Go source in {}", names.join(", "))));
    }
    let out = rust::write(&model, &format!("Written by `gobrpc gen` from {}", names.join(", ")));
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(out.as_bytes())?;
    stdout.flush()?;
    for Remark { place, text } in remarks {
        match place.line {
            0 => anstream::eprintln!("{text}"),
            line => anstream::eprintln!("{}:{line}: {text}", files[place.file].name),
        }
    }
    Ok(())
}

fn read(file: &FileOrStdin, package: Option<&str>) -> Result<File> {
    let mut text = String::new();
    let read = file.open()?.read_to_string(&mut text);
    read.map_err(|error| Error::data(format_args!("cannot read {file}: {error}")))?;
    let path = match (package, file) {
        (Some(package), _) => Some(package.to_owned()),
        (None, FileOrStdin::File(path)) => import_path(path),
        (None, FileOrStdin::Stdin) => None,
    };
    let name = match file {
        FileOrStdin::File(path) => path.display().to_string(),
        FileOrStdin::Stdin => "stdin".to_owned(),
    };
    Ok(File { name, text, path })
}

/// The sources in a directory, but for tests.
fn go_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let cannot = |error| Error::data(format_args!("cannot read {}: {error}", dir.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = base_name(&path.to_string_lossy());
        if path.is_file() && name.ends_with(".go") && !name.ends_with("_test.go") && !is_ignored(&path) {
            files.push(path);
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(Error::data(format_args!("there are no Go sources in {}", dir.display()))),
        false => Ok(files),
    }
}

/// Whether a file is no part of its package: Go's own tools are told so by its first lines.
fn is_ignored(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    let head = text.lines().take_while(|line| !is_package_clause(line));
    head.into_iter().any(|line| line.trim_end() == "//go:build ignore")
}

fn is_package_clause(line: &str) -> bool {
    line.starts_with("package ")
}

/// The import path of the package that a file is of, by the go.mod around it.
fn import_path(file: &Path) -> Option<String> {
    let dir = fs::canonicalize(file).ok()?.parent()?.to_owned();
    for root in dir.ancestors() {
        let Ok(text) = fs::read_to_string(root.join("go.mod")) else { continue };
        let module = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
        let module = module.split("//").next()?.trim().trim_matches('"');
        let inner = dir.strip_prefix(root).ok()?;
        let parts = inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
        return Some(std::iter::once(module.to_owned()).chain(parts).collect::<Vec<_>>().join("/"));
    }
    None
}

fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}
