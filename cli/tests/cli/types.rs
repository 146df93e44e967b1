//! `gobrpc types`: the types of a stream.

use std::fs;
use std::path::Path;

use gobrpc::Gob;
use gobrpc::gob::{Encoder, Value, from_slice};
use serde::Serialize;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::command::{gobrpc, gobrpc_with};
use crate::generated::{STREAMS, go, golden, printed, programs};
use crate::go::go_or_return;

/// What is printed after the package clause.
fn as_go(name: &str) -> String {
    let ran = gobrpc(&["types".as_ref(), golden(name).as_os_str()]);
    ran.ok().split_once("package main\n").expect("a package").1.trim().to_owned()
}

fn values_of(name: &str) -> String {
    let ran = gobrpc(&["types".as_ref(), golden(name).as_os_str()]);
    let line = ran.ok().lines().find_map(|line| line.strip_prefix("// Its values: ").map(str::to_owned));
    line.expect("a line about the values")
}

/// All streams that Go has written, but for connections of net/rpc.
fn goldens() -> Vec<String> {
    let dir = golden("point");
    let entries = fs::read_dir(dir.parent().expect("a directory")).expect("it can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".gob").map(str::to_owned)).collect();
    names.sort();
    assert!(names.len() > 100, "{names:?}");
    names
}

#[test]
fn a_struct_is_declared_with_all_its_parts() {
    assert_eq!(
        as_go("outer_nested"),
        "type Outer struct {\n\tA  int\n\tL  []Mid\n\tM  map[string]Inner\n\tP  Point\n\tPt Point\n}\n\n\
         type Mid struct {\n\tIn  Inner\n\tArr [2]Inner\n}\n\n\
         type Inner struct {\n\tS string\n}\n\n\
         type Point struct {\n\tX int\n\tY int\n}"
    );
    assert_eq!(values_of("outer_nested"), "Outer.");
}

#[test]
fn a_type_that_leads_to_itself_has_a_pointer() {
    assert_eq!(as_go("rec_tree_slice"), "type Tree struct {\n\tN    int\n\tKids []Tree\n}");
    assert_eq!(as_go("rec_mutual"), "type MutA struct {\n\tB *MutB\n}\n\ntype MutB struct {\n\tA *MutA\n\tX int\n}");
    assert_eq!(as_go("rec_slice"), "type RecSlice []RecSlice");
}

#[test]
fn types_without_a_name_are_written_where_they_are() {
    assert_eq!(
        as_go("anon_struct_fields"),
        "type AnonFields struct {\n\tF struct {\n\t\tA int\n\t\tB int\n\t}\n\tG []struct {\n\t\tQ string\n\t}\n\
         \tH struct {\n\t\tZ bool\n\t}\n}"
    );
}

#[test]
fn a_value_of_a_type_without_a_name_gets_one() {
    assert!(as_go("slice_of_struct").ends_with("// Root is what a value of the stream is.\ntype Root = []Point"));
    assert_eq!(values_of("slice_of_struct"), "[]Point.");
    assert_eq!(values_of("int_63"), "int.");
    // The name of a slice tells what its elements are, which the stream does not.
    assert!(as_go("slices_of_int_variants").contains("\tB []int32\n"));
}

#[test]
fn types_of_the_library_are_known_by_their_names() {
    assert_eq!(as_go("time_fields").lines().take(1).collect::<String>(), "import \"time\"",);
    assert!(as_go("netip_fields").starts_with("import \"net/netip\"\n\n"));
    assert!(as_go("uuid").starts_with("import \"github.com/google/uuid\"\n\n"));
}

#[test]
fn a_type_that_encodes_itself_and_is_not_known_keeps_its_bytes() {
    #[derive(Gob)]
    #[gob(opaque)]
    struct Own;

    impl gobrpc::gob::Opaque for Own {
        const NAME: &'static str = "Own";
        const MARSHALER: gobrpc::gob::ty::Marshaler = gobrpc::gob::ty::Marshaler::Binary;
        const ZERO: &'static [u8] = b"";

        fn marshal(&self, out: &mut Vec<u8>) -> gobrpc::gob::Result<()> {
            out.push(7);
            Ok(())
        }

        fn unmarshal(_bytes: &[u8]) -> gobrpc::gob::Result<Self> {
            Ok(Self)
        }
    }

    let bytes = gobrpc::gob::to_vec(&Own).unwrap();
    let text = gobrpc_with(&["types"], &bytes).ok().to_owned();
    assert!(
        text.contains("type Own []byte\n\nfunc (v Own) MarshalBinary() ([]byte, error) { return v, nil }\n"),
        "{text}"
    );
    let rust = gobrpc_with(&["types", "--rust"], &bytes).ok().to_owned();
    assert!(rust.contains("#[gob(opaque)]\npub struct Own(pub Vec<u8>);\n"), "{rust}");
}

#[test]
fn all_types_of_a_stream_are_there() {
    #[derive(Serialize, Gob)]
    struct A {
        #[serde(rename = "B")]
        b: Vec<bool>,
    }
    #[derive(Serialize, Gob)]
    #[gob(name = "A")]
    struct AnotherA {
        #[serde(rename = "C")]
        c: u8,
    }
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&A { b: vec![true] }).unwrap();
    encoder.encode(&AnotherA { c: 1 }).unwrap();
    encoder.encode(&A { b: vec![] }).unwrap();
    encoder.encode("text").unwrap();
    let ran = gobrpc_with(&["types"], &encoder.into_inner());
    assert_eq!(
        ran.ok(),
        "// The types of a gob stream, as far as gob tells them.\n// Its values: A, A2, string.\n\npackage main\n\n\
         type A struct {\n\tB []bool\n}\n\n// A2 is called A in the stream.\ntype A2 struct {\n\tC uint\n}\n\n\
         // Root is what a value of the stream is.\ntype Root = string\n"
    );
}

#[test]
fn what_came_before_the_damage_is_printed() {
    let bytes = fs::read(golden("outer_nested")).unwrap();
    let ran = gobrpc_with(&["types"], &bytes[..bytes.len() - 1]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.text().contains("type Point struct {"), "{ran:?}");
    assert!(ran.stderr.starts_with("gobrpc: ") && ran.stderr.contains("EOF"), "{ran:?}");
    let ran = gobrpc_with(&["types"], b"");
    assert_eq!(ran.ok(), "// The types of a gob stream, as far as gob tells them.\n\npackage main\n");
}

#[test]
fn what_rust_has_no_type_for_is_left_out_and_said() {
    let ty = "struct{ M map[float64]string; S []struct{ K map[struct{ F float32 }]int }; N int }";
    let ran = gobrpc(&["encode", "--type", ty, r#"{"M": [[1.5, "a"]], "S": null, "N": 1}"#]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rust = gobrpc_with(&["types", "--rust"], &ran.stdout).ok().to_owned();
    assert!(!rust.contains("HashMap<f64"), "{rust}");
    assert!(rust.contains("pub struct Root {\n    // Not translated: field M: floats as keys"), "{rust}");
    assert!(rust.contains("    pub n: isize,\n"), "{rust}");
    let go = gobrpc_with(&["types"], &ran.stdout).ok().to_owned();
    assert!(go.contains("M map[float64]string\n"), "{go}");
}

/// Definitions as they stand in a stream: a message of the type's id and its `wireType`.
fn definitions(definitions: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    definitions.flat_map(|body| std::iter::once(body.len() as u8).chain(body)).collect()
}

#[test]
fn types_that_are_made_of_each_other_over_and_over_are_written_once() {
    // Type 64+i is a map from 64+i+1 to 64+i+1, without a name.
    let bytes = definitions((0..60_u8).map(|i| {
        let int = |value: u8| if value < 64 { vec![2 * value] } else { vec![0xff, 2 * value] };
        let (own, next) = (int(64 + i), if i == 59 { int(2) } else { int(65 + i) });
        // -(64 + i), then member 4 of wireType: {{Id}, Key, Elem}
        let mut body = vec![0xff, 2 * (64 + i) - 1, 4, 1, 2];
        body.extend(own);
        body.extend([0, 1]);
        body.extend(&next);
        body.push(1);
        body.extend(&next);
        body.extend([0, 0]);
        body
    }));
    for format in [&["types"][..], &["types", "--rust"], &["types", "--json-schema"]] {
        let ran = gobrpc_with(format, &bytes);
        assert!(ran.text().len() < 500_000, "{}", ran.text().len());
        assert!(ran.text().len() > 500, "{ran:?}");
    }
}

#[test]
fn names_that_are_none_do_no_harm() {
    let name = b"X\n}; func";
    let mut body = vec![0x7f, 3, 1, 1, name.len() as u8];
    body.extend(name);
    body.extend([1, 0xff, 0x80, 0, 1, 1, 1, 3]);
    body.extend(b"a\nb");
    body.extend([1, 4, 0, 0, 0]);
    let bytes = definitions(std::iter::once(body));
    let go = gobrpc_with(&["types"], &bytes);
    assert!(go.text().contains("// Left out: field \"a\\nb\": no name of Go\n"), "{go:?}");
    assert!(!go.text().contains("}; func"), "{go:?}");
    let rust = gobrpc_with(&["types", "--rust"], &bytes);
    assert!(!rust.text().contains("}; func"), "{rust:?}");
}

#[test]
fn the_rust_types_read_the_stream_they_are_from() {
    let _programs = go_or_return!();
    let dir = TempDir::new().unwrap();
    for (stream, _) in STREAMS {
        let again = dir.path().join(stream);
        printed(programs().run("streams").arg(stream).arg(golden(stream)).arg(&again));
        let value = |path: &Path| from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
        assert_eq!(value(&again), value(&golden(stream)), "{stream}");
    }
}

#[test]
fn the_go_types_read_the_stream_they_are_from() {
    let _programs = go_or_return!();
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("go.mod"), "module types\n\ngo 1.26\n").unwrap();
    // Those that need no module of others.
    let streams: Vec<_> =
        STREAMS.into_iter().filter(|(stream, _)| !matches!(*stream, "uuid_fields" | "decimal_price")).collect();
    for (stream, ty) in &streams {
        let package = dir.path().join(stream);
        fs::create_dir(&package).unwrap();
        let types = gobrpc(&["types".as_ref(), golden(stream).as_os_str()]);
        fs::write(package.join("types.go"), types.ok()).unwrap();
        let main = format!(
            "package main\n\nimport (\n\t\"encoding/gob\"\n\t\"os\"\n)\n\nfunc main() {{\n\tvar value {ty}\n\
             \tfile, err := os.Open(os.Args[1])\n\tif err == nil {{\n\t\terr = gob.NewDecoder(file).Decode(&value)\n\t}}\n\
             \tif err == nil {{\n\t\tfile, err = os.Create(os.Args[2])\n\t}}\n\
             \tif err == nil {{\n\t\terr = gob.NewEncoder(file).Encode(&value)\n\t}}\n\tif err != nil {{\n\t\tpanic(err)\n\t}}\n}}\n"
        );
        fs::write(package.join("main.go"), main).unwrap();
    }
    printed(go().args(["vet", "./..."]).current_dir(dir.path()));
    printed(go().args(["build", "-o", "bin/", "./..."]).current_dir(dir.path()));
    assert_eq!(printed(go().args(["fmt", "./..."]).current_dir(dir.path())), "", "not as gofmt has it");
    for (stream, _) in &streams {
        let again = dir.path().join(format!("{stream}.gob"));
        printed(std::process::Command::new(dir.path().join("bin").join(stream)).arg(golden(stream)).arg(&again));
        let value = |path: &Path| from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
        assert_eq!(value(&again), value(&golden(stream)), "{stream}");
    }
}

fn schema(bytes: &[u8]) -> Json {
    let ran = gobrpc_with(&["types", "--json-schema"], bytes);
    assert_eq!(ran.stderr, "");
    serde_json::from_str(ran.text()).unwrap()
}

#[test]
fn the_schema_is_true_of_what_decode_prints() {
    for stream in goldens() {
        let bytes = fs::read(golden(&stream)).unwrap();
        let schema = jsonschema::validator_for(&schema(&bytes)).unwrap_or_else(|error| panic!("{stream}: {error}"));
        let decoded = gobrpc_with(&["decode"], &bytes);
        assert_eq!(decoded.code, Some(0), "{stream}: {decoded:?}");
        for line in decoded.text().lines() {
            let document: Json = serde_json::from_str(line).unwrap();
            let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{stream}: {line}: {errors:?}");
        }
    }
}

#[test]
fn the_schema_is_not_true_of_other_documents() {
    let schema = jsonschema::validator_for(&schema(&fs::read(golden("outer_nested")).unwrap())).unwrap();
    let decoded = gobrpc(&["decode".as_ref(), golden("outer_nested").as_os_str()]);
    let document: Json = serde_json::from_str(decoded.ok()).unwrap();
    assert!(schema.is_valid(&document));
    let changed = |change: &dyn Fn(&mut Json)| {
        let mut document = document.clone();
        change(&mut document);
        schema.is_valid(&document)
    };
    assert!(!changed(&|document| document["A"] = json!("1")));
    assert!(!changed(&|document| document["A"] = json!(1.5)));
    assert!(!changed(&|document| document["B"] = json!(1)));
    assert!(!changed(&|document| document["Pt"]["X"] = json!(null)));
    assert!(!changed(&|document| document["L"] = json!([null])));
    assert!(!changed(&|document| drop(document.as_object_mut().unwrap().remove("M"))));
    assert!(changed(&|document| document["L"] = json!(null)));
    assert!(!schema.is_valid(&json!(null)));
}
