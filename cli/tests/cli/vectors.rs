//! `gobrpc decode` and then `gobrpc encode`: the same bytes, for every stream that Go was seen to write.

use std::path::Path;

use serde::Deserialize;

use crate::command::gobrpc_with;

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) go_type: String,
    pub(crate) go_value: String,
    pub(crate) hex: String,
}

/// The headers of net/rpc, which are in some of the streams.
const HEADERS: &str = "
type Request struct { ServiceMethod string; Seq uint64 }
type Response struct { ServiceMethod string; Seq uint64; Error string }
";

/// The types of the values of each stream.
const TYPES: &[(&str, &[&str])] = &[
    ("bool_true", &["bool"]),
    ("bool_false", &["bool"]),
    ("int_zero", &["int"]),
    ("int_three", &["int"]),
    ("int16_minus129", &["int16"]),
    ("int64_min", &["int64"]),
    ("int64_max", &["int64"]),
    ("uint8_200", &["uint8"]),
    ("uint64_max", &["uint64"]),
    ("uintptr_7", &["uintptr"]),
    ("rune_x", &["rune"]),
    ("float64_17", &["float64"]),
    ("float64_negzero", &["float64"]),
    ("float64_nan_bits", &["float64"]),
    ("float32_tenth", &["float32"]),
    ("float64_inf", &["float64"]),
    ("complex64", &["complex64"]),
    ("string_hello", &["string"]),
    ("string_empty", &["string"]),
    ("string_non_utf8", &["string"]),
    ("bytes_abc", &["[]byte"]),
    ("bytes_nil", &["[]byte"]),
    ("named_int", &["MyInt"]),
    ("named_bytes", &["Bs"]),
    ("duration_second", &["time.Duration"]),
    ("string_200", &["string"]),
    ("slice_int", &["[]int"]),
    ("slice_int_nil", &["[]int"]),
    ("slice_string_zero_elems", &["[]string"]),
    ("slice_bool", &["[]bool"]),
    ("slice_float32", &["[]float32"]),
    ("slice_complex128", &["[]complex128"]),
    ("slice_slice_int", &["[][]int"]),
    ("slice_bytes", &["[][]byte"]),
    ("slice_iface_basic", &["[]any"]),
    ("array3_int", &["[3]int"]),
    ("array4_byte", &["[4]byte"]),
    ("array0_int", &["[0]int"]),
    ("array_of_array", &["[2][3]uint8"]),
    ("map_string_int", &["map[string]int"]),
    ("map_nil", &["map[string]int"]),
    ("map_int_slice", &["map[int][]string"]),
    ("map_struct_elem", &["map[string]Point"]),
    ("map_struct_key", &["map[Point]Inner"]),
    ("map_set", &["map[string]struct{}"]),
    ("named_slice", &["NamedSlice"]),
    ("named_map", &["NamedMap"]),
    ("named_array", &["NamedArr"]),
    ("slice_of_struct", &["[]Point"]),
    ("slice_of_ptr_struct", &["[]*Point"]),
    ("array_of_struct", &["[2]Point"]),
    ("point", &["Point"]),
    ("point_ptr", &["*Point"]),
    ("point_zero", &["Point"]),
    ("point_twice", &["Point", "Point"]),
    ("struct_empty", &["Empty"]),
    ("struct_anon_empty", &["struct{}"]),
    ("struct_anon", &["struct{ A int }"]),
    ("struct_skips", &["T"]),
    ("all_kinds_zero", &["AllKinds"]),
    ("all_kinds_full", &["AllKinds"]),
    ("all_kinds_empties", &["AllKinds"]),
    ("embedded", &["T"]),
    ("field_delta_20", &["Big"]),
    ("unicode_names", &["Жук"]),
    ("outer_nested", &["Outer"]),
    ("deep_composites", &["Deep"]),
    ("anon_struct_fields", &["Anon"]),
    ("named_fields", &["T"]),
    ("ptr_fields", &["T"]),
    ("slices_of_int_variants", &["T"]),
    ("generic_pair", &["Pair[Point, []string]"]),
    ("rec_list", &["Rec"]),
    ("rec_tree_slice", &["Tree"]),
    ("rec_tree_ptr_slice_first", &["[]*Tree"]),
    ("rec_mutual", &["MutA"]),
    ("rec_slice", &["RecSlice"]),
    ("rec_map", &["RecMap"]),
    ("rec_mutual_slices", &["SA"]),
    ("rec_struct_map", &["S"]),
    ("rec_map_struct_first", &["M"]),
    ("iface_top_int", &["any"]),
    ("iface_top_nil", &["any"]),
    ("iface_top_struct", &["any"]),
    ("iface_field_int", &["Holder"]),
    ("iface_field_nil", &["Holder"]),
    ("iface_field_zero_int", &["Holder"]),
    ("iface_field_struct", &["Holder"]),
    ("iface_field_struct_ptr", &["Holder"]),
    ("iface_same_type_twice", &["Holder", "Holder", "T1"]),
    ("iface_slice_mixed", &["[]any"]),
    ("iface_nested_2", &["Holder"]),
    ("iface_nested_3", &["Holder"]),
    ("iface_wrap_multi_defs", &["Holder"]),
    ("iface_nested_multi_defs", &["Nest"]),
    ("iface_registered_ptr", &["[]any"]),
    ("iface_map_any", &["map[string]any"]),
    ("iface_slice_int", &["Holder"]),
    ("iface_custom_name", &["Holder"]),
    ("iface_map_key", &["map[any]int"]),
    ("time_utc", &["time.Time"]),
    ("time_utc_ptr", &["*time.Time"]),
    ("time_zero", &["time.Time"]),
    ("time_offset_0530", &["time.Time"]),
    ("time_offset_v2", &["time.Time"]),
    ("time_fields", &["T"]),
    ("time_ptr_field_first", &["T"]),
    ("bigint_ptr", &["*big.Int"]),
    ("big_fields", &["*T"]),
    ("big_fields_nil", &["*T"]),
    ("slice_bigint_nil", &["[]*big.Int"]),
    ("url_ptr", &["*url.URL"]),
    ("url_field", &["T"]),
    ("netip_fields", &["T"]),
    ("net_ip", &["net.IP"]),
    ("gobenc_value", &["VG"]),
    ("gobenc_slice_zero", &["[]VG"]),
    ("gobenc_field_zero", &["T"]),
    ("gobenc_exported_inner", &["GX"]),
    ("binary_marshaler", &["VB"]),
    ("text_marshaler_ignored", &["VT"]),
    ("gobenc_in_iface", &["Holder"]),
    ("mixed_stream", &["Point", "int", "string", "Inner", "[]int", "Point", "[]int"]),
    ("rpc_client_two_calls", &["*Request", "*Args", "*Request", "*Args"]),
    ("rpc_server_ok", &["*Response", "*Reply", "*Response", "*Reply"]),
    ("rpc_server_int_reply", &["*Response", "*int"]),
    ("rpc_server_error", &["*Response", "struct{}"]),
];

pub(crate) fn vectors() -> Vec<Vector> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/vectors/encode.json");
    serde_json::from_slice(&std::fs::read(path).expect("the vectors can be read")).expect("they are JSON")
}

#[test]
fn what_is_decoded_is_encoded_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let decl = dir.path().join("types.go");
    for Vector { name, go_type, hex, .. } in vectors() {
        let (_, types) = TYPES.iter().find(|(known, _)| *known == name).expect("a type for each");
        std::fs::write(&decl, format!("package main\n{HEADERS}{go_type}")).unwrap();
        let stream = crate::hex::hex(&hex);
        let json = gobrpc_with(&["decode"], &stream).ok().to_owned();
        let mut args = vec!["encode", "--decl", decl.to_str().unwrap()];
        if name == "iface_custom_name" {
            args.extend(["--register", "t1=T1"]);
        }
        args.extend(types.iter().flat_map(|ty| ["--type", *ty]));
        let encoded = gobrpc_with(&args, json.as_bytes());
        assert_eq!(encoded.stderr, "", "{name}: {json}");
        assert_eq!(encoded.stdout, stream, "{name}: {json}");
    }
}
