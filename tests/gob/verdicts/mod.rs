//! What Go's decoder says of 294 streams, good and bad, and what ours says.

mod show;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

use gobrpc::gob::Decoder;
use serde::Deserialize;

use self::targets::target;
use super::hex;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    hex: String,
    steps: Vec<Step>,
}

/// One call of `Decode`.
#[derive(Deserialize)]
struct Step {
    /// The target, in Go's words.
    into: String,
    /// The target afterwards.
    value: String,
    error: Option<String>,
    #[serde(default)]
    go_panics: bool,
}

/// Streams of which we say otherwise than Go, and why. Each must still differ.
const DIFFERENT: &[(&str, &str)] = &[
    ("builtin_commontype", "the types of definitions are no types of values; Go never sends them as such (G205)"),
    ("builtin_fieldtype_slice", "as above"),
    ("bytes_empty_into_nil", "a Vec is never nil"),
    ("slice_empty_into_nil", "a Vec is never nil"),
    (
        "slice_huge_nil",
        "a count beyond the bytes is refused; Go takes it for a negative one, that is none, when it skips",
    ),
    ("map_neg_count", "as above (G221)"),
    ("map_same_local_two_remote", "one local type may match two received ones (G189)"),
    ("st_undefined_field_type_nil", "an undefined type is an error when there is a value of it"),
    ("sl_undefined_elem_nil", "as above"),
    ("if_top_nil_skip", "a nil interface can be skipped (G240)"),
    ("if_nil_in_skipped_slice", "as above"),
    ("if_nested_def_skipped", "definitions inside skipped interfaces are followed (G241)"),
    ("if_nested3_def_skipped", "and kept (G242)"),
    ("if_unregistered", "a Value needs no registration"),
    ("if_no_fields_matched_inside", "nor a type to match"),
    ("slice_shrink", "a value is built anew, and not into the one that was there (G207)"),
    ("slice_stale_cap", "as above"),
    ("map_merge", "as above"),
    ("st_superset", "as above"),
    ("st_overlay", "as above"),
    ("st_ptr_overlay", "as above"),
    ("st_no_bytes", "as above"),
    ("if_count_too_long_skipped", "the byte count of an interface is not looked at, as Go does when it decodes (G129)"),
];

/// Go targets that no Rust type stands for, and why.
const NO_TARGET: &[(&str, &[&str])] = &[
    (
        "a struct derived here has exported fields, and none that gob passes over",
        &[
            "new(struct{ x, y int })",
            "new(struct{ XX, y int; Y int })",
            "new(struct{ q int })",
            "new(struct{ F chan int })",
            "new(struct{ F func() })",
        ],
    ),
    ("there are no fields of fields", &["new(struct{ Lower; Q int })", "new(struct{ *Lower; Q int })"]),
    ("what is decoded is returned, so it has a place", &["5", "(*int)(nil)"]),
];

/// Streams that both refuse, we in other words, and why. Each must still differ.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    (
        "an end inside a value is never called the end of the stream (G218)",
        &["frame_len0_then_int", "frame_typedef_len0_value", "frame_missing_id", "if_name_then_eof"],
    ),
    ("our limit on messages is lower", &["frame_len_just_ok_but_short"]),
    ("a count is bounded by the bytes that are left, not by 8 GiB (G220)", &["slice_huge", "slice_toobig_by_size"]),
    (
        "what is missing has one text, whatever the elements are (G217, G219)",
        &["array_trunc", "slice_trunc", "slice_str_too_long", "slice_mystr_too_long"],
    ),
    (
        "a type in an interface is called as one at top level, by a pointer to it, and looked for first",
        &["if_name_type_mismatch", "if_carrying_iface", "if_undefined_value_type"],
    ),
    ("a name that is too long is not repeated, and has one limit", &["if_name_1025", "if_name_huge"]),
    ("an interface knows the types it may hold, and no others", &["if_not_assignable"]),
    ("an interface that is derived here has a package, which error has not", &["if_concrete_into_error"]),
    (
        "what is wrong in a skipped value is called as in one that is read",
        &["array_count_mismatch_nil", "array_neg_len_nil", "st_delta_neg_nil", "goregress_6"],
    ),
    (
        "a value that may hold interfaces is gathered from its messages before its type is looked at",
        &[
            "goregress_3",
            "goregress_3_point",
            "goregress_3_slice",
            "goregress_5",
            "goregress_5_point",
            "goregress_5_slice",
        ],
    ),
    (
        "the types of definitions are no types of values (G205), and an undefined type is looked for last",
        &[
            "builtin_commontype_nil",
            "goregress_1",
            "goregress_2",
            "goregress_2_point",
            "goregress_2_slice",
            "goregress_9",
        ],
    ),
];

#[test]
fn go_and_we_judge_alike() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors/decode.json");
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(vectors.vectors.len(), 294);
    let (mut judged, mut different, mut other_words) = (0, BTreeMap::new(), BTreeMap::new());
    let mut without = BTreeSet::new();
    for vector in &vectors.vectors {
        let mut decoder = Decoder::new(Cursor::new(hex(&vector.hex)));
        for (number, step) in vector.steps.iter().enumerate() {
            // A target without a Rust type ends the story: what follows depends on it.
            let Some(run) = target(&step.into) else {
                without.insert(step.into.as_str());
                break;
            };
            judged += 1;
            let ours = run(&mut decoder);
            let told = format!("step {number} into {}: Go {:?} {:?}, we {ours:?}", step.into, step.value, step.error);
            match (&ours, &step.error) {
                (Ok(value), None) if *value == step.value => {}
                (Err(error), Some(text)) if error.kind().to_string() == *text => {}
                (Err(_), Some(_)) if step.go_panics => {}
                (Err(_), Some(_)) => drop(other_words.insert(vector.name.as_str(), told)),
                _ => drop(different.insert(vector.name.as_str(), told)),
            }
        }
    }
    assert_eq!(judged, 316, "steps with a target that has a Rust type");
    let expected: BTreeSet<&str> = NO_TARGET.iter().flat_map(|(_, targets)| *targets).copied().collect();
    assert_eq!(without, expected);
    let expected: BTreeSet<&str> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    assert_eq!(different.keys().copied().collect::<BTreeSet<_>>(), expected, "{different:#?}");
    let expected: BTreeSet<&str> = OTHER_WORDS.iter().flat_map(|(_, names)| *names).copied().collect();
    assert_eq!(other_words.keys().copied().collect::<BTreeSet<_>>(), expected, "{other_words:#?}");
}
