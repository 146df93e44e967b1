//! The literals of `gobrpc decode --go`, read by Go: encoded, they give the stream they were printed of.

use std::fmt::Write as _;
use std::process::Command;

use crate::command::gobrpc_with;
use crate::go::go_or_return;
use crate::vectors::{Vector, vectors};

/// What Go does with each: a process of its own, since the ids of types belong to one.
const MAIN: &str = r#"
func main() {
	var out bytes.Buffer
	encoder := gob.NewEncoder(&out)
	cases[os.Args[1]](func(value any) {
		if err := encoder.Encode(value); err != nil {
			panic(err)
		}
	})
	fmt.Printf("%x", out.Bytes())
}
"#;

/// Whether a stream tells all that a literal needs: pointers and what is registered it does not, and Go does not let
/// functions declare methods.
fn is_told(vector: &Vector) -> bool {
    let source = &vector.go_type;
    let is_pointer = source.contains('*') || vector.go_value.contains("[]*") || vector.go_value.contains("Encode(&");
    let has_names = ["func ", "Pair[", "SA []SB", "Kids M", "rpc."].iter().any(|text| source.contains(text));
    let is_external = ["big.", "url.", "netip."].iter().any(|text| vector.go_value.contains(text));
    // The width of numbers in a field, and the names of types that are met in maps.
    let is_lost = ["deep_composites", "rec_map", "rec_map_struct_first", "rec_mutual_slices"].contains(&&*vector.name);
    !(is_pointer || has_names || is_external || is_lost || vector.go_value.contains("rpc."))
}

#[test]
fn go_reads_the_literals() {
    let _programs = go_or_return!();
    let told: Vec<Vector> = vectors().into_iter().filter(is_told).collect();
    assert!(told.len() > 60, "{}", told.len());
    let mut source = "package main\n\nimport (\n\t\"bytes\"\n\t\"encoding/gob\"\n\t\"fmt\"\n\t\"math\"\n\t\"os\"\n\t\
                      \"time\"\n)\n\nvar _ = math.Pi\nvar _ time.Time\n\nvar cases = map[string]func(encode func(any)){\n"
        .to_owned();
    for Vector { name, go_type, hex, .. } in &told {
        let literals = gobrpc_with(&["decode", "--go"], &crate::hex::hex(hex));
        let _ = writeln!(source, "\"{name}\": func(encode func(any)) {{\n{go_type}");
        for literal in literals.ok().lines() {
            let _ = writeln!(source, "encode({literal})");
        }
        source.push_str("},\n");
    }
    source.push_str("}\n");
    source.push_str(MAIN);
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("main.go"), &source).expect("a file");
    let go = std::env::var_os("GOBRPC_GO").unwrap_or_else(|| "go".into());
    let output = Command::new(go)
        .args(["build", "-o", "literals", "main.go"])
        .current_dir(dir.path())
        .env_remove("GOROOT")
        .env("GOTOOLCHAIN", "local")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .output()
        .expect("Go can be run");
    assert!(output.status.success(), "{}\n{source}", String::from_utf8_lossy(&output.stderr));
    for Vector { name, hex, .. } in &told {
        let output = Command::new(dir.path().join("literals")).arg(name).output().expect("it can be run");
        assert_eq!(String::from_utf8_lossy(&output.stdout), *hex, "{name}");
    }
}
