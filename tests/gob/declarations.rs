//! Go types from Go source, at run time.

use std::fmt;

use gobrpc::gob::ty::{Kind, Type};
use gobrpc::gob::{Declarations, Decoder, Encoder, from_slice, to_vec};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::hex;
use super::predeclared::PREDECLARED;

fn printed(source: &str, ty: &str) -> String {
    Declarations::parse(source).unwrap().parse_type(ty).unwrap().to_string()
}

fn error(source: &str, ty: &str) -> String {
    match Declarations::parse(source).and_then(|declarations| declarations.parse_type(ty)) {
        Ok(ty) => panic!("{ty} is a type"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_predeclared_type_has_its_name() {
    for name in PREDECLARED {
        assert_eq!(Type::parse(name).unwrap().to_string(), name);
    }
    assert_eq!(printed("", "[]byte"), "[]uint8");
    assert_eq!(printed("", "map[rune]any"), "map[int32]interface {}");
}

#[test]
fn types_are_made_of_types() {
    assert_eq!(
        printed("", " map [ string ] [ 0x10 ] * struct { A , B int ; C []struct{} } "),
        "map[string][16]*struct { A int; B int; C []struct {} }"
    );
    assert_eq!(printed("", "(((*(int))))"), "*int");
    assert_eq!(Type::parse("[1_000]uint8").unwrap().array_len(), Some(1000));
}

#[test]
fn a_source_is_searched_for_types_and_nothing_else() {
    let source = r#"
        // Package shapes has a comment with a type: type Not int
        package shapes

        import (
            "fmt"
            clock "time"
        )

        const Limit = 7 // type Nor int

        var text = "}{" + `type Neither string
            }` + string('\'')

        /* Point is a point. */
        type Point struct {
            X, Y int `json:"x"` // two at once
            Label string "tag"
            hidden chan int
            Seen clock.Time
            C    chan int
            F    func(a int) (b, c string)
            Out  <-chan struct{ A int }
        }

        func (p *Point) String() string {
            type Local int
            return fmt.Sprint("}", p.X)
        }

        type (
            Points []Point
            Named  = Points
            Color  uint8
            Colors []Color
        )
        type Base struct { ID int }; type Circle struct { Base; *Point; Tags Named }
    "#;
    let declarations = Declarations::parse(source).unwrap();
    assert_eq!(
        declarations.names().collect::<Vec<_>>(),
        ["Point", "Points", "Named", "Color", "Colors", "Base", "Circle"]
    );
    let fields = |name: &str| {
        let ty = declarations.get(name).unwrap();
        ty.fields().iter().map(|field| format!("{} {}", field.name(), field.ty())).collect::<Vec<_>>()
    };
    assert_eq!(fields("Point"), ["X int", "Y int", "Label string", "Seen time.Time"]);
    assert_eq!(fields("Circle"), ["Base shapes.Base", "Point *shapes.Point", "Tags shapes.Points"]);
    // An alias is the type itself.
    assert_eq!(declarations.get("Named").unwrap().to_string(), "shapes.Points");
    // Any slice of bytes is bytes, and keeps the name of its elements.
    assert_eq!(declarations.get("Colors").unwrap().kind(), Kind::Bytes);
    assert_eq!(declarations.parse_type("map[string][]Color").unwrap().to_string(), "map[string][]shapes.Color");
}

#[test]
fn the_length_of_an_array_may_be_a_constant() {
    let source = r#"
        package sums
        import ("crypto/sha256"; m "math")
        type Size uint8
        const (
            _, First Size = iota, 2 * iota + 1
            _, Second
            Third, _ = len("abc"), 0
        )
        const Bytes = (First + Second) << 1 &^ 1 % 5 // and no more
        type Sums struct {
            A [First]byte
            B [Second]byte
            C [Third]byte
            D [Bytes * 2]byte
            E [sha256.Size]byte
            F [m.MaxInt8 - 0x7_0]byte
            G [1.5e1]byte
            H ['\n']byte
        }
        type Half [Bytes / 3]byte
    "#;
    let declarations = Declarations::parse(source).unwrap();
    let fields = declarations.get("Sums").unwrap().fields();
    let lengths: Vec<_> = fields.iter().map(|field| field.ty().array_len().unwrap()).collect();
    assert_eq!(lengths, [1, 3, 3, 6, 32, 15, 15, 10]);
    // No type parameter, though it begins as one.
    assert_eq!(declarations.get("Half").unwrap().array_len(), Some(1));
}

#[test]
fn a_length_that_is_none_is_an_error() {
    for (source, ty, says) in [
        ("const A = B\nconst B = A", "[A]int", "A is declared by itself"),
        ("const A = f(1)", "[A]int", "f is no type of constants here"),
        ("const A = []int{}", "[A]int", "[]int{} is not understood"),
        ("", "[8 - unsafe.Sizeof(T{})%8]int", "8 - unsafe.Sizeof(T{})%8 is not understood"),
        ("const A = 1.5", "[A]int", "a length is a positive integer"),
        ("const A = -1", "[A]int", "a length is a positive integer"),
        ("const A uint8 = 256", "[A]int", "256 does not fit in uint8"),
        ("const A = 1 << 200", "[A]int", "a number that is too large, or none"),
        ("const A = 1 / 0", "[A]int", "a number that is too large, or none"),
        ("", "[os.Getpid]int", "the constant os.Getpid is not known here"),
    ] {
        let error = error(source, ty);
        assert!(error.contains(says), "{source}: {error}");
    }
    let chain: String = (0..1000).map(|i| format!("const A{i} = A{}\n", i + 1)).collect();
    assert!(error(&chain, "[A0]int").contains("by way of too many others"));
    // Each is worth twice the next, and found once.
    let tree: String = (0..60).map(|i| format!("const A{i} = A{0} + A{0}\n", i + 1)).collect();
    assert_eq!(printed(&format!("{tree}const A60 = 1"), "[A50]int"), "[1024]int");
}

#[test]
fn a_short_source_does_not_stand_for_more_text_than_there_is_room_for() {
    let tree: String = (0..60).map(|i| format!("const A{i} = A{0} + A{0}\n", i + 1)).collect();
    let tree = format!("{tree}const A60 = \"text\"");
    assert_eq!(printed(&tree, "[len(A50)]int"), "[4096]int");
    assert!(error(&tree, "[len(A0)]int").contains("strings that are too long"));

    // Each line repeats the value of the first one.
    let names: String = (0..20_000).map(|i| format!("A{i}\n")).collect();
    let repeated = format!("const (\nA = \"{}\"\n{names})", "x".repeat(1 << 20));
    assert_eq!(printed(&repeated, "[len(A19999)]int"), "[1048576]int");
}

#[test]
fn a_type_may_contain_itself() {
    let source = "type Node struct { Next *Node; Kids []Node; By map[string]Node }\ntype L []L\ntype M map[int]M";
    let declarations = Declarations::parse(source).unwrap();
    let node = declarations.get("Node").unwrap();
    assert_eq!(node.fields()[0].ty().elem().unwrap().fields().len(), 3);
    assert_eq!(declarations.get("L").unwrap().elem().unwrap().to_string(), "main.L");
    assert_eq!(declarations.get("M").unwrap().elem().unwrap().to_string(), "main.M");
}

#[test]
fn generic_types_carry_their_arguments_in_their_names() {
    let source = "type Pair[K comparable, V any] struct { Key K; Value V; Next *Pair[K, V] }\ntype P struct { X int }";
    let declarations = Declarations::parse(source).unwrap();
    let ty = declarations.parse_type("[]Pair[string, []*P]").unwrap();
    assert_eq!(ty.to_string(), "[]main.Pair[string,[]*main.P]");
    let pair = ty.elem().unwrap();
    assert_eq!(pair.fields()[1].ty().to_string(), "[]*main.P");
    assert_eq!(pair.fields()[2].ty().to_string(), "*main.Pair[string,[]*main.P]");
}

#[test]
fn a_type_with_a_method_encodes_itself() {
    let source = "type A string\nfunc (a A) GobEncode() ([]byte, error) { return nil, nil }\ntype B A";
    let declarations = Declarations::parse(source).unwrap();
    assert_eq!(declarations.get("A").unwrap().kind(), Kind::Opaque);
    assert_eq!(printed("import \"math/big\"", "[]*big.Int"), "[]*big.Int");
    // A type declared from another has none of its methods.
    assert_eq!(declarations.get("B").unwrap().kind(), Kind::String);
}

#[test]
fn what_is_in_a_type_that_encodes_itself_is_described_as_in_go() {
    let source = "type Inner struct{ S string }\n\
                  type GX struct {\n\tName string\n\tIn *Inner\n\tmu sync.Mutex\n}\n\
                  type Hidden struct{ s string }\n\
                  func (v GX) GobEncode() ([]byte, error) { return []byte(v.Name), nil }\n\
                  func (h Hidden) GobEncode() ([]byte, error) { return nil, nil }";
    let declarations = Declarations::parse(source).unwrap();
    let encoded = |name| {
        let mut encoder = Encoder::new(Vec::new());
        encoder.encode_as(declarations.get(name).unwrap(), serde_bytes::Bytes::new(b"n")).unwrap();
        encoder.into_inner()
    };
    // G154
    let expected = "0d7f05010102475801ff8000000019ff8103010105496e6e657201ff82000101010153010c00000005ff8000016e";
    assert_eq!(encoded("GX"), hex(expected));
    assert_eq!(encoded("Hidden"), hex("117f0501010648696464656e01ff8000000005ff8000016e"));
}

#[test]
fn a_mistake_is_shown_with_its_place() {
    assert_eq!(
        error("type A int\n\ttype B []]int", "A"),
        "line 2, column 11: expected a type\n    \ttype B []]int\n    \t         ^"
    );
    assert_eq!(
        error("type P struct { X inn }", "P"),
        "line 1, column 19: no type inn is declared\n    type P struct { X inn }\n                      ^"
    );
    assert_eq!(error("", "map[string"), "line 1, column 11: expected `]`\n    map[string\n              ^");
    assert_eq!(error("", "[]]int"), "line 1, column 3: expected a type\n    []]int\n      ^");
    assert_eq!(
        error("type T struct {\n\tA []]int\n}", "T"),
        "line 2, column 6: expected a type\n    \tA []]int\n    \t    ^"
    );
    assert_eq!(error("", "[;]int"), "line 1, column 2: expected the length of the array\n    [;]int\n     ^");
    assert_eq!(error("", "[x]int"), "line 1, column 2: no constant x is declared\n    [x]int\n     ^");
    assert_eq!(error("", "int int"), "line 1, column 5: expected the end of the type\n    int int\n        ^");
    assert_eq!(error("", "struct{ A int B int }").lines().next(), Some("line 1, column 15: expected a new line"));
    assert_eq!(error("", "sync.Mutex").lines().next(), Some("line 1, column 1: the type sync.Mutex is not known here"));
    assert_eq!(
        error("type G[T any] []T", "G").lines().next().unwrap().split(": ").nth(1),
        Some("G has 1 type parameters, and gets 0 arguments")
    );
}

#[test]
fn what_go_refuses_is_refused() {
    for (source, ty, says) in [
        ("type A A", "A", "declared by itself"),
        ("type A B\ntype B A", "A", "declared by itself"),
        ("type A struct { B B }\ntype B struct { A A }", "A", "holds itself"),
        ("type A [2]A", "A", "holds itself"),
        ("type G[T any] struct { Next *G[[]T] }", "G[int]", "without end"),
        ("type A struct { a int }", "A", "no exported fields"),
        ("", "chan int", "cannot send channels"),
        ("", "map[string]func()", "cannot send channels"),
    ] {
        let error = error(source, ty);
        assert!(error.contains(says), "{source}: {error}");
    }
    // Nothing is left of a type that failed.
    let declarations = Declarations::parse("type A struct { B *B }\ntype B struct { A *A; C C }").unwrap();
    assert!(declarations.get("A").is_err());
    assert!(declarations.get("B").is_err());
}

#[test]
fn depth_is_bounded() {
    for text in ["[]".repeat(100_000), "struct{A ".repeat(100_000), "map[".repeat(100_000), "(".repeat(100_000)]
        .into_iter()
        .chain([
            "[a".repeat(100_000),
            "[(".repeat(100_000),
            "[-".repeat(100_000),
            format!("[{}1]int", "1+".repeat(100_000)),
        ])
    {
        assert!(Type::parse(&text).is_err());
    }
    assert!(Type::parse(&format!("{}int", "[]".repeat(30))).is_ok());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, gobrpc::Gob)]
#[serde(rename_all = "PascalCase")]
struct Point {
    x: isize,
    y: isize,
}

#[test]
fn a_value_of_a_type_made_at_run_time_is_encoded_as_one_of_the_rust_type() {
    let value = vec![Point { x: 1, y: 2 }, Point { x: 0, y: -1 }];
    let declarations = Declarations::parse("type Point struct { X, Y int }").unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_as(declarations.parse_type("[]Point").unwrap(), &value).unwrap();
    assert_eq!(encoder.get_ref(), &to_vec(&value).unwrap());
    assert_eq!(from_slice::<Vec<Point>>(encoder.get_ref()).unwrap(), value);
}

#[test]
fn a_value_is_decoded_as_a_type_made_at_run_time() {
    /// Takes any slice of numbers.
    struct Sum;

    impl<'de> DeserializeSeed<'de> for Sum {
        type Value = u64;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
            deserializer.deserialize_seq(self)
        }
    }

    impl<'de> Visitor<'de> for Sum {
        type Value = u64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("numbers")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<u64, A::Error> {
            let mut sum = 0;
            while let Some(number) = seq.next_element::<u64>()? {
                sum += number;
            }
            Ok(sum)
        }
    }

    let bytes = to_vec(&vec![1_u64, 2, 300]).unwrap();
    let decoded = |ty| Decoder::new(&bytes[..]).decode_as(Type::parse(ty).unwrap(), Sum);
    assert_eq!(decoded("[]uint64").unwrap(), Some(303));
    assert_eq!(decoded("[]uint16").unwrap(), Some(303));
    let error = decoded("[]int").unwrap_err();
    assert!(error.to_string().starts_with("gob: decoding into local type *[]int"), "{error}");
}

#[test]
fn types_of_the_standard_library_need_no_import() {
    assert_eq!(Type::parse("*big.Int").unwrap().elem().unwrap().registered_name(), "math/big.Int");
    let other = Declarations::parse("import big \"example.com/big\"").unwrap();
    assert!(other.parse_type("big.Int").is_err());
}

/// A struct of which serde gives nothing but the last field.
struct Last<T>(T);

impl<T: Serialize> Serialize for Last<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = serializer.serialize_struct("Last", 1)?;
        last.serialize_field("Z", &self.0)?;
        last.end()
    }
}

#[test]
fn a_field_behind_two_hundred_others_has_a_distance_of_two_bytes() {
    fn written<T: Serialize>(ty: &str, value: T) -> Vec<u8> {
        let before: String = (0..200).map(|index| format!("F{index} int; ")).collect();
        let declarations = Declarations::parse(&format!("type Last struct{{ {before}Z {ty} }}"));
        let mut encoder = Encoder::new(Vec::new());
        encoder.encode_as(declarations.unwrap().get("Last").unwrap(), &Last(value)).unwrap();
        let stream = encoder.into_inner();
        // The message begins with its length and the id.
        let at = stream.windows(2).rposition(|header| header == [0xff, 201]).unwrap();
        stream[at + 2..].to_vec()
    }

    let long = "z".repeat(200);
    assert_eq!(written("int", 5), [10, 0]);
    assert_eq!(written("int", 500), [0xfe, 0x03, 0xe8, 0]);
    assert_eq!(written("bool", true), [1, 0]);
    assert_eq!(written("string", "z"), [1, b'z', 0]);
    assert_eq!(written("string", &long), [&[0xff, 200], long.as_bytes(), &[0]].concat());
    assert_eq!(written("[]int", [1, 2].as_slice()), [2, 2, 4, 0]);
    assert_eq!(written("*float64", Some(1.0)), [0xfe, 0xf0, 0x3f, 0]);
}
