//! The names that a Go program sees.

#![expect(dead_code, reason = "the types are described and never used")]

use std::collections::{BTreeMap, HashMap};
use std::marker::PhantomData;

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Type};
use serde::{Deserialize, Serialize};

/// The Go names and types of the fields, in order.
fn fields<T: Gob>() -> Vec<(&'static str, String)> {
    T::TYPE.fields().iter().map(|field| (field.name(), field.ty().to_string())).collect()
}

fn field_names<T: Gob>() -> Vec<&'static str> {
    T::TYPE.fields().iter().map(|field| field.name()).collect()
}

fn spelled<T: Gob>() -> String {
    T::TYPE.to_string()
}

#[test]
fn a_serde_name_in_upper_case_is_the_go_name() {
    #[derive(Serialize, Deserialize, Gob)]
    struct StringRequest {
        #[serde(rename = "SA")]
        a: String,
        #[serde(rename = "SB")]
        b: String,
    }
    assert_eq!(spelled::<StringRequest>(), "main.StringRequest");
    assert_eq!(fields::<StringRequest>(), [("SA", "string".to_owned()), ("SB", "string".to_owned())]);
    assert_eq!(StringRequest::TYPE.kind(), Kind::Struct);
}

#[test]
fn other_names_become_pascal_case_where_id_is_a_word() {
    #[derive(Gob)]
    struct Account {
        id: u64,
        user_id: u64,
        full_name: String,
        r#type: String,
        identity: String,
        base_url: String,
        #[serde(rename = "lastLoginId")]
        last_login: u64,
    }
    assert_eq!(field_names::<Account>(), ["ID", "UserID", "FullName", "Type", "Identity", "BaseUrl", "LastLoginID"]);
}

#[test]
fn initialisms_add_words_to_id() {
    #[derive(Gob)]
    #[gob(initialisms = "URL HTTP OAuth")]
    struct Endpoint {
        id: u64,
        base_url: String,
        http_port: u16,
        oauth_token: String,
        curl: bool,
    }
    assert_eq!(field_names::<Endpoint>(), ["ID", "BaseURL", "HTTPPort", "OAuthToken", "Curl"]);
}

#[test]
fn the_gob_name_wins_over_the_serde_name() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename = "args_v1")]
    #[gob(name = "Args", package = "example.com/shapes")]
    struct Arguments {
        #[serde(rename = "a")]
        #[gob(name = "Left_operand")]
        left: i64,
    }
    assert_eq!(spelled::<Arguments>(), "shapes.Args");
    assert_eq!(field_names::<Arguments>(), ["Left_operand"]);
}

#[test]
fn the_serde_name_of_the_type_wins_over_the_rust_name() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(rename = "Args")]
    struct Arguments {}
    assert_eq!(spelled::<Arguments>(), "main.Args");
}

#[test]
fn the_package_is_printed_by_its_last_element() {
    #[derive(Gob)]
    #[gob(package = "example.com/v2/geometry")]
    struct Empty;
    assert_eq!(spelled::<Empty>(), "geometry.Empty");
    assert_eq!(spelled::<HashMap<String, Vec<Empty>>>(), "map[string][]geometry.Empty");
}

/// A struct under each rule of `rename_all`, with the Go names that come of it.
macro_rules! renamed {
    ($($test:ident: $rule:literal => $($name:literal),+;)+) => {$(
        #[test]
        fn $test() {
            #[derive(Default, Serialize, Deserialize, Gob)]
            #[serde(rename_all = $rule)]
            struct Renamed {
                user_id: i64,
                name2: String,
                #[serde(rename = "asIs")]
                renamed: bool,
            }
            assert_eq!(field_names::<Renamed>(), [$($name),+, "AsIs"]);
            // What serde calls the fields is what the description says it does.
            let json = serde_json::to_value(Renamed::default()).unwrap();
            assert_eq!(json.as_object().unwrap().len(), 3);
            for field in Renamed::TYPE.fields() {
                assert!(json.get(field.key).is_some(), "{} in {json}", field.key);
            }
        }
    )+};
}

renamed! {
    rename_all_lowercase: "lowercase" => "UserID", "Name2";
    rename_all_uppercase: "UPPERCASE" => "USER_ID", "NAME2";
    rename_all_pascal_case: "PascalCase" => "UserId", "Name2";
    rename_all_camel_case: "camelCase" => "UserID", "Name2";
    rename_all_snake_case: "snake_case" => "UserID", "Name2";
    rename_all_screaming_snake_case: "SCREAMING_SNAKE_CASE" => "USER_ID", "NAME2";
    rename_all_kebab_case: "kebab-case" => "UserID", "Name2";
}

#[test]
fn a_screaming_kebab_name_needs_a_go_name() {
    #[derive(Default, Serialize, Deserialize, Gob)]
    #[serde(rename_all = "SCREAMING-KEBAB-CASE")]
    struct Renamed {
        #[gob(name = "UserID")]
        user_id: i64,
    }
    assert_eq!(field_names::<Renamed>(), ["UserID"]);
    assert_eq!(Renamed::TYPE.fields()[0].key, "USER-ID");
}

#[test]
fn skipped_fields_are_not_in_the_go_type() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Partial {
        kept: i64,
        #[serde(skip)]
        skipped: Option<std::time::Instant>,
        #[serde(skip_serializing, skip_deserializing)]
        skipped_in_halves: Option<std::time::Instant>,
        #[serde(skip_serializing_if = "String::is_empty", default)]
        kept_too: String,
    }
    assert_eq!(field_names::<Partial>(), ["Kept", "KeptToo"]);
}

#[test]
fn defaults_are_known() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Some {
        plain: i64,
        #[serde(default)]
        from_trait: i64,
        #[serde(default = "seven")]
        from_path: i64,
    }
    fn seven() -> i64 {
        7
    }
    #[derive(Default, Serialize, Deserialize, Gob)]
    #[serde(default)]
    struct All {
        a: i64,
        b: i64,
    }
    let has_default = |ty: &'static Type| ty.fields().iter().map(|field| field.has_default).collect::<Vec<_>>();
    assert_eq!(has_default(Some::TYPE), [false, true, true]);
    assert_eq!(has_default(All::TYPE), [true, true]);
}

#[test]
fn a_generic_type_is_named_with_its_arguments() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Page<T> {
        items: Vec<T>,
        next: Option<Box<Self>>,
    }
    #[derive(Gob)]
    #[gob(package = "example.com/pairs")]
    struct Pair<'a, K, V: ?Sized, const N: usize> {
        key: [K; N],
        value: &'a V,
    }
    assert_eq!(spelled::<Page<i64>>(), "main.Page[int64]");
    assert_eq!(spelled::<Page<Page<String>>>(), "main.Page[main.Page[string]]");
    assert_eq!(spelled::<Pair<'_, u8, str, 4>>(), "pairs.Pair[uint8,string]");
    assert_eq!(fields::<Pair<'_, u8, str, 4>>()[0], ("Key", "[4]uint8".to_owned()));
    assert_eq!(fields::<Page<u8>>()[0], ("Items", "[]uint8".to_owned()));
    assert_eq!(fields::<Page<u8>>()[1], ("Next", "*main.Page[uint8]".to_owned()));
}

#[test]
fn a_bound_of_its_own_replaces_the_bounds_of_the_parameters() {
    trait Shape {
        type Size: Gob;
    }
    struct Circle;
    impl Shape for Circle {
        type Size = f64;
    }
    #[derive(Gob)]
    #[gob(bound = "")]
    struct Sized<S: Shape> {
        size: S::Size,
    }
    #[derive(Gob)]
    #[gob(bound = "T: Gob")]
    struct Tagged<T, Tag> {
        value: T,
        #[serde(skip)]
        tag: PhantomData<Tag>,
    }
    assert_eq!(spelled::<Sized<Circle>>(), "main.Sized");
    assert_eq!(fields::<Sized<Circle>>(), [("Size", "float64".to_owned())]);
    assert_eq!(spelled::<Tagged<i32, Circle>>(), "main.Tagged[int32]");
}

#[test]
fn a_newtype_is_declared_as_the_inner_type() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Meters(f64);
    #[derive(Serialize, Deserialize, Gob)]
    struct Names(Vec<String>);
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(transparent)]
    #[gob(name = "Weight", package = "example.com/units")]
    struct Kilograms {
        value: f64,
        #[serde(skip)]
        cached: bool,
        phantom: PhantomData<()>,
    }
    assert_eq!((spelled::<Meters>(), Meters::TYPE.kind()), ("main.Meters".to_owned(), Kind::Float64));
    assert_eq!((spelled::<Names>(), Names::TYPE.kind()), ("main.Names".to_owned(), Kind::Slice));
    assert_eq!(Names::TYPE.elem().unwrap().to_string(), "string");
    assert_eq!((spelled::<Kilograms>(), Kilograms::TYPE.kind()), ("units.Weight".to_owned(), Kind::Float64));
    assert_eq!(spelled::<Vec<Meters>>(), "[]main.Meters");
    assert_eq!(spelled::<Option<Meters>>(), "*main.Meters");
}

#[test]
fn a_slice_of_a_byte_type_is_bytes() {
    type Alias = u8;
    #[derive(Gob)]
    struct Byte(Alias);
    #[derive(Gob)]
    struct Octet<T>(T);
    #[derive(Gob)]
    struct Buffer(Vec<Octet<Byte>>);
    assert_eq!(<Vec<Byte>>::TYPE.kind(), Kind::Bytes);
    assert_eq!(<Vec<Octet<Byte>>>::TYPE.kind(), Kind::Bytes);
    assert_eq!(Buffer::TYPE.kind(), Kind::Bytes);
    assert_eq!(<Vec<Octet<i8>>>::TYPE.kind(), Kind::Slice);
    assert_eq!(<Vec<Buffer>>::TYPE.kind(), Kind::Slice);
    assert_eq!(<[Byte; 2]>::TYPE.kind(), Kind::Array);
}

#[test]
fn an_option_of_what_can_be_nil_is_that_itself() {
    #[derive(Gob)]
    struct List(Vec<i64>);
    #[derive(Gob)]
    struct Index<T>(BTreeMap<String, T>);
    #[derive(Gob)]
    struct Outer(Box<List>);
    #[derive(Gob)]
    struct Maybe(Option<i64>);
    assert_eq!(spelled::<Option<List>>(), "main.List");
    assert_eq!(spelled::<Option<Index<bool>>>(), "main.Index[bool]");
    assert_eq!((spelled::<Option<Outer>>(), <Option<Outer>>::TYPE.kind()), ("main.Outer".to_owned(), Kind::Slice));
    assert_eq!(spelled::<Option<Maybe>>(), "*main.Maybe");
    assert_eq!(Maybe::TYPE.kind(), Kind::Pointer);
}

#[test]
fn unit_structs_are_empty_structs() {
    #[derive(Serialize, Deserialize, Gob)]
    struct Nothing;
    assert_eq!((spelled::<Nothing>(), Nothing::TYPE.kind()), ("main.Nothing".to_owned(), Kind::Struct));
    assert!(Nothing::TYPE.fields().is_empty());
}

#[test]
fn serde_attributes_that_do_not_touch_the_stream_are_accepted() {
    #[derive(Serialize, Deserialize, Gob)]
    #[serde(deny_unknown_fields, expecting = "a borrower", crate = "serde", bound = "")]
    struct Borrower<'a> {
        #[serde(borrow, alias = "n", alias = "label")]
        name: std::borrow::Cow<'a, str>,
        #[serde(bound(serialize = "", deserialize = ""))]
        data: &'a [u8],
    }
    assert_eq!(fields::<Borrower<'_>>(), [("Name", "string".to_owned()), ("Data", "[]uint8".to_owned())]);
}
