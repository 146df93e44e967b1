//! The Rust types for the Go targets of the vectors.

use std::collections::HashMap;
use std::io::Cursor;

use gobrpc::Gob;
use gobrpc::gob::ty::Marshaler;
use gobrpc::gob::{Decoder, Error, ErrorKind, Opaque, Value, big};
use num_complex::Complex32;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::show::Show;

macro_rules! go_struct {
    ($(#[$meta:meta])* $name:ident { $($field:ident $go:literal: $ty:ty),* $(,)? }) => {
        #[derive(Debug, PartialEq, Eq, Hash, Deserialize, Gob)]
        $(#[$meta])*
        struct $name { $(#[serde(rename = $go)] $field: $ty),* }
        go_struct!(@show $name { $($field $go),* });
    };
    (@eq $name:ident { $($field:ident $go:literal: $ty:ty),* $(,)? }) => {
        #[derive(Debug, Deserialize, Gob)]
        struct $name { $(#[serde(rename = $go)] $field: $ty),* }
        go_struct!(@show $name { $($field $go),* });
    };
    (@show $name:ident { $($field:ident $go:literal),* }) => {
        impl Show for $name {
            fn show(&self) -> String {
                let fields: Vec<String> = vec![$(format!("{}: {}", $go, self.$field.show())),*];
                format!("{{{}}}", fields.join(", "))
            }
        }
    };
}

go_struct!(Point { x "X": isize, y "Y": isize });
go_struct!(T1 { a "A": isize });
go_struct!(K { a "A": isize });
go_struct!(NoI { before "Before": isize, after "After": isize });
go_struct!(@eq Holder { before "Before": isize, i "I": Value, after "After": isize });
go_struct!(#[gob(anonymous)] NameId { name "Name": String, id "Id": isize });
go_struct!(#[gob(anonymous)] OnlyQ { q "Q": isize });
go_struct!(#[gob(anonymous)] OnlyG { g "G": isize });
go_struct!(#[gob(anonymous)] OnlyY { y "Y": isize });
go_struct!(#[gob(anonymous)] OnlyZ { z "Z": isize });
go_struct!(#[gob(anonymous)] OnlyZz { zz "Zz": isize });
go_struct!(#[gob(anonymous)] SomeAb { a "A": isize, b "B": isize });
go_struct!(#[gob(anonymous)] Narrow { a "A": isize, b "B": i8, c "C": isize });
go_struct!(#[gob(anonymous)] Xyz { x "X": isize, y "Y": isize, z "Z": isize });
go_struct!(#[gob(anonymous)] OnlyX { x "X": usize });
go_struct!(#[gob(anonymous)] PointersYx { y "Y": Option<i32>, x "X": Option<Option<i64>> });

/// A struct with the one field `F`.
#[derive(Debug, Deserialize, Gob)]
#[gob(anonymous)]
struct Only<T> {
    #[serde(rename = "F")]
    f: T,
}

impl<T: Show> Show for Only<T> {
    fn show(&self) -> String {
        format!("{{F: {}}}", self.f.show())
    }
}

#[derive(Debug, Deserialize, Gob)]
struct MyInt(isize);

#[derive(Debug, Deserialize, Gob)]
struct MyStr(String);

/// To gob a string like others: it does not look for `UnmarshalText` (G139).
#[derive(Debug, Deserialize, Gob)]
#[gob(name = "VT")]
struct ByText(String);

/// An open interface with all that the program has registered, and an interface of two types.
macro_rules! interface {
    ($(#[$meta:meta])* $name:ident { $($variant:ident $go:literal: $ty:ty),* $(,)? }) => {
        #[derive(Debug, Deserialize, Gob)]
        $(#[$meta])*
        enum $name { $(#[gob(name = $go)] $variant($ty)),* }

        impl Show for $name {
            fn show(&self) -> String {
                match self {
                    $(Self::$variant(value) => format!("{}({})", $go, value.show())),*
                }
            }
        }
    };
}

interface!(#[gob(interface, anonymous)] Any {
    Int "int": isize,
    String "string": String,
    MyInt "main.MyInt": MyInt,
    T1 "main.T1": T1,
    Nest "main.Nest": Box<Nest>,
});
interface!(#[gob(interface)] Shape { Square "main.Square": T1, Circle "main.Circle": K });
interface!(#[gob(interface, name = "error")] AnError { T1 "main.T1": T1 });
go_struct!(@eq Nest { i "I": Option<Any> });

/// `VG`, `VB` and `VBoth` of the vectors: strings with methods.
macro_rules! opaque {
    ($($(#[$meta:meta])* $name:ident $go:literal by $marshaler:ident: |$text:ident| $unmarshaled:expr;)*) => {$(
        $(#[$meta])*
        #[derive(Debug, Gob)]
        #[gob(opaque)]
        struct $name(String);

        impl Opaque for $name {
            const NAME: &'static str = $go;
            const MARSHALER: Marshaler = Marshaler::$marshaler;
            const ZERO: &'static [u8] = b"";

            fn marshal(&self, out: &mut Vec<u8>) -> Result<(), Error> {
                out.extend_from_slice(self.0.as_bytes());
                Ok(())
            }

            fn unmarshal(bytes: &[u8]) -> Result<Self, Error> {
                let $text = String::from_utf8_lossy(bytes).into_owned();
                $unmarshaled.map(Self)
            }
        }
    )*};
}

opaque! {
    ByGob "VG" by Gob: |text| if text == "bad" { Err(serde::de::Error::custom("bang")) } else { Ok(text) };
    ByBinary "VB" by Binary: |text| Ok(text);
    /// Of both methods Go takes this one (G138).
    ByBoth "VBoth" by Gob: |text| Ok(format!("G{text}"));
}

macro_rules! shown_within {
    ($($ty:ident),*) => {$(
        impl Show for $ty {
            fn show(&self) -> String {
                self.0.show()
            }
        }
    )*};
}

shown_within!(MyInt, MyStr, ByText, ByGob, ByBinary, ByBoth);

pub(super) type Run = fn(&mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error>;

fn into<T: Gob + DeserializeOwned + Show>(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error> {
    match decoder.decode::<T>() {
        Ok(Some(value)) => Ok(value.show()),
        Ok(None) => Err(ErrorKind::Eof.into()),
        Err(error) => Err(error),
    }
}

/// An interface that may be nil.
fn interface<T: Gob + DeserializeOwned + Show>(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error>
where
    Option<T>: Gob,
{
    match decoder.decode::<Option<T>>() {
        Ok(Some(value)) => Ok(value.map_or_else(|| "nil".to_owned(), |value| value.show())),
        Ok(None) => Err(ErrorKind::Eof.into()),
        Err(error) => Err(error),
    }
}

fn skip(decoder: &mut Decoder<Cursor<Vec<u8>>>) -> Result<String, Error> {
    match decoder.skip() {
        Ok(true) => Ok("nil".to_owned()),
        Ok(false) => Err(ErrorKind::Eof.into()),
        Err(error) => Err(error),
    }
}

/// The Rust type for a Go target, where there is one.
pub(super) fn target(into_go: &str) -> Option<Run> {
    Some(match into_go {
        "nil" => skip,
        "new(int)" => into::<isize>,
        "new(Point)" => into::<Point>,
        "new([]int)" => into::<Vec<isize>>,
        "new([][]int)" => into::<Vec<Vec<isize>>>,
        "new([]*struct{})" => into::<Vec<Option<()>>>,
        "new([]byte)" => into::<Vec<u8>>,
        "new(VG)" => into::<ByGob>,
        "new(VB)" => into::<ByBinary>,
        "new(VBoth)" => into::<ByBoth>,
        "new(VT)" => into::<ByText>,
        "new(*VG)" => into::<Option<ByGob>>,
        "new(any)" => interface::<Any>,
        "new(error)" => interface::<AnError>,
        "new(Shape)" => interface::<Shape>,
        "new(complex64)" => into::<Complex32>,
        "new(big.Int)" => into::<big::Int>,
        "new(*int8)" => into::<Option<i8>>,
        "new([]MyInt)" => into::<Vec<MyInt>>,
        "new([]MyStr)" => into::<Vec<MyStr>>,
        "new([]**int)" => into::<Vec<Option<Option<isize>>>>,
        // Targets that hold something before.
        "func() *any { var x any = 5; return &x }()" => interface::<Any>,
        "&[]byte{'1', '2', '3', '4'}" => into::<Vec<u8>>,
        "&[]int{1, 2}" => into::<Vec<isize>>,
        "&[]Point{{9, 9}, {8, 8}}" | "&[]Point{{9, 9}}" => into::<Vec<Point>>,
        "func() *[]Point { s := []Point{{5, 5}, {6, 6}}[:1]; return &s }()" => into::<Vec<Point>>,
        "&map[string]int{\"z\": 9, \"a\": 8}" => into::<HashMap<String, isize>>,
        "&map[string]Point{\"a\": {9, 9}}" => into::<HashMap<String, Point>>,
        "&struct{ X, Y, Z int }{7, 7, 7}" => into::<Xyz>,
        "&Point{9, 9}" => into::<Point>,
        "func() **Point { p := &Point{9, 9}; return &p }()" => into::<Option<Point>>,
        "new(string)" => into::<String>,
        "new([2]int)" => into::<[isize; 2]>,
        "new([3]int)" => into::<[isize; 3]>,
        "new([2]byte)" => into::<[u8; 2]>,
        "new(Holder)" => into::<Holder>,
        "new(uint)" => into::<usize>,
        "new(uintptr)" => into::<u64>,
        "new(bool)" => into::<bool>,
        "new(float32)" => into::<f32>,
        "new(int8)" => into::<i8>,
        "new(int16)" => into::<i16>,
        "new(int32)" => into::<i32>,
        "new(uint8)" => into::<u8>,
        "new(uint16)" => into::<u16>,
        "new(uint32)" => into::<u32>,
        "new(map[string]int)" => into::<HashMap<String, isize>>,
        "new(map[string]*int)" => into::<HashMap<String, Option<isize>>>,
        "new(map[K]K)" => into::<HashMap<K, K>>,
        "new(T1)" => into::<T1>,
        "new(NoI)" => into::<NoI>,
        "new(struct{ Q int })" => into::<OnlyQ>,
        "new(struct{ G int })" => into::<OnlyG>,
        "new(struct{ Y int })" => into::<OnlyY>,
        "new(struct{ Z int })" => into::<OnlyZ>,
        "new(struct{ Zz int })" => into::<OnlyZz>,
        "new(struct{ A, B int })" => into::<SomeAb>,
        "new(struct{ A int; B int8; C int })" => into::<Narrow>,
        "new(struct{ Y *int32; X **int64 })" => into::<PointersYx>,
        "new(struct{ Name string; Id int })" => into::<NameId>,
        "new([]struct{ Name string; Id int })" => into::<Vec<NameId>>,
        "new(struct{})" => into::<()>,
        "new([]string)" => into::<Vec<String>>,
        "new([]int8)" => into::<Vec<i8>>,
        "new([][]int8)" => into::<Vec<Vec<i8>>>,
        "new([]uint16)" => into::<Vec<u16>>,
        "new([]*int)" => into::<Vec<Option<isize>>>,
        "new([]Point)" => into::<Vec<Point>>,
        "new(map[string]int8)" => into::<HashMap<String, i8>>,
        "new(map[int8]string)" => into::<HashMap<i8, String>>,
        "new(map[string][]int8)" => into::<HashMap<String, Vec<i8>>>,
        "new(struct{ F int8 })" => into::<Only<i8>>,
        "new(struct{ F []int8 })" => into::<Only<Vec<i8>>>,
        "new(struct{ F map[string]int8 })" => into::<Only<HashMap<String, i8>>>,
        "new(struct{ F struct{ Q int } })" => into::<Only<OnlyQ>>,
        "new(struct{ F struct{ X uint } })" => into::<Only<OnlyX>>,
        "new(struct{ F uint })" => into::<Only<usize>>,
        "new(struct{ F int })" => into::<Only<isize>>,
        "new(struct{ F string })" => into::<Only<String>>,
        "new(struct{ F []int })" => into::<Only<Vec<isize>>>,
        "new(struct{ F []uint })" => into::<Only<Vec<usize>>>,
        "new(struct{ F any })" => into::<Only<Value>>,
        "new(struct{ F struct{} })" => into::<Only<()>>,
        "new(struct{ F *Point })" => into::<Only<Option<Point>>>,
        "new(struct{ F Point })" => into::<Only<Point>>,
        "new(struct{ F VG })" => into::<Only<ByGob>>,
        "new(struct{ F map[string]int })" => into::<Only<HashMap<String, isize>>>,
        "new(struct{ F float64 })" => into::<Only<f64>>,
        "new(struct{ F bool })" => into::<Only<bool>>,
        _ => return None,
    })
}
