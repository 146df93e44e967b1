//! Streams: where values begin and end, and what survives an error.

use std::io::{Cursor, Read};
use std::time::{Duration, Instant};

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, ErrorKind, Limits, PushDecoder, Session, from_slice, to_vec};
use serde::{Deserialize, Serialize, Serializer};

use super::hex;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Point {
    x: i64,
    y: i64,
}

/// A reader that gives one byte at a time.
struct Trickle<R>(R);

impl<R: Read> Read for Trickle<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let end = buf.len().min(1);
        self.0.read(&mut buf[..end])
    }
}

fn two_points() -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&Point { x: 1, y: 2 }).unwrap();
    encoder.encode(&Point { x: 3, y: 4 }).unwrap();
    encoder.into_inner()
}

#[test]
fn a_stream_shows_where_it_is_and_not_what_it_remembers() {
    let bytes = two_points();
    let decoder = Decoder::new(&b""[..]);
    assert_eq!(format!("{decoder:?}"), "Decoder { reader: [], offset: 0, .. }");
    let mut decoder = PushDecoder::new();
    decoder.push(&bytes);
    decoder.decode::<Point>().unwrap();
    let offset = bytes.len() - 8;
    assert_eq!(format!("{decoder:?}"), format!("PushDecoder {{ offset: {offset}, buffered: 8, .. }}"));
    let encoder = Encoder::new(Vec::new());
    let text = format!("{encoder:?}");
    assert!(text.starts_with("Encoder { session: Session { limits: Limits {") && text.len() < 200, "{text}");
}

#[test]
fn a_reader_may_give_one_byte_at_a_time() {
    let mut decoder = Decoder::new(Trickle(Cursor::new(two_points())));
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 1, y: 2 }));
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 3, y: 4 }));
    assert_eq!(decoder.decode::<Point>().unwrap(), None);
}

#[test]
fn a_decoder_reads_no_byte_past_the_value() {
    let mut bytes = to_vec(&Point { x: 1, y: 2 }).unwrap();
    let len = bytes.len() as u64;
    bytes.extend_from_slice(b"what follows");
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.decode::<Point>().unwrap();
    assert_eq!(decoder.offset(), len);
    assert_eq!(decoder.into_inner().position(), len);
}

/// G180
#[test]
fn every_cut_inside_a_value_is_an_unexpected_end() {
    let bytes = to_vec(&Point { x: 1, y: 2 }).unwrap();
    for end in 1..bytes.len() {
        let error = Decoder::new(&bytes[..end]).decode::<Point>().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "cut at {end}: {error:?}");
        let error = from_slice::<Point>(&bytes[..end]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "cut at {end}: {error:?}");
    }
    assert!(matches!(from_slice::<Point>(&[]).unwrap_err().kind(), ErrorKind::Eof));
}

/// G185
#[test]
fn after_an_error_the_next_value_is_read() {
    let mut decoder = Decoder::new(Cursor::new(two_points()));
    decoder.decode::<String>().unwrap_err();
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 3, y: 4 }));
}

#[test]
fn a_skipped_value_leaves_its_definitions() {
    let mut decoder = Decoder::new(Cursor::new(two_points()));
    assert!(decoder.skip().unwrap());
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 3, y: 4 }));
    assert!(!decoder.skip().unwrap());
}

/// G49
#[test]
fn a_second_definition_of_an_id_is_refused_and_the_first_stays() {
    let one = to_vec(&Point { x: 1, y: 2 }).unwrap();
    let mut decoder = Decoder::new(Cursor::new([one.clone(), one].concat()));
    decoder.decode::<Point>().unwrap();
    let error = decoder.decode::<Point>().unwrap_err();
    assert_eq!(error.kind().to_string(), "gob: duplicate type received");
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 1, y: 2 }));
}

#[derive(Gob)]
struct Stubborn(#[expect(dead_code, reason = "only its type matters")] Vec<i64>);

impl Serialize for Stubborn {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[test]
fn a_value_that_fails_leaves_the_stream_as_it_was() {
    let mut session = Session::new();
    let mut out = Vec::new();
    session.encode(&Point { x: 1, y: 2 }, &mut out).unwrap();
    let before = out.clone();
    let error = session.encode(&vec![Stubborn(vec![])], &mut out).unwrap_err();
    assert_eq!(error.to_string(), "no ([0])");
    assert_eq!(out, before);
    // The ids that were taken back go to the next type, as if nothing had happened.
    session.encode(&vec![1_u64], &mut out).unwrap();
    let mut fresh = Encoder::new(Vec::new());
    fresh.encode(&Point { x: 1, y: 2 }).unwrap();
    fresh.encode(&vec![1_u64]).unwrap();
    assert_eq!(out, fresh.into_inner());
}

mod other {
    use super::*;

    /// Another type with the Go name of [`super::Point`].
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    pub(super) struct Point {
        #[serde(rename = "Name")]
        pub(super) name: String,
    }
}

#[test]
fn two_types_of_one_name_are_kept_apart() {
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&Point { x: 1, y: 2 }).unwrap();
    encoder.encode(&other::Point { name: "here".into() }).unwrap();
    let mut decoder = Decoder::new(Cursor::new(encoder.into_inner()));
    assert_eq!(decoder.decode().unwrap(), Some(Point { x: 1, y: 2 }));
    assert_eq!(decoder.decode().unwrap(), Some(other::Point { name: "here".into() }));
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Holder {
    before: i64,
    after: i64,
}

/// `Holder{1, T1{7}, 2}` of rule G122: the definition of `T1` interrupts the value.
const SPLIT: &str = "2e 7f 0301 0106 486f6c646572 01ff80 00 0103 01 06 4265666f7265 0104 00 01 01 49 0110 00 01 05 4166746572 0104 00 0000
    23 ff80 0102 01 07 6d61696e2e5431 ff81 0301 0102 5431 01ff82 00 0101 0101 41 0104 00 0000
    09 ff82 03 010e00 01 04 00";

#[test]
fn a_value_that_spans_messages_is_one_value() {
    let mut bytes = hex(SPLIT);
    bytes.extend_from_slice(&hex("03040006"));
    for reader in [Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>, Box::new(Trickle(Cursor::new(bytes)))] {
        let mut decoder = Decoder::new(reader);
        assert_eq!(decoder.decode().unwrap(), Some(Holder { before: 1, after: 2 }));
        assert_eq!(decoder.decode::<i64>().unwrap(), Some(3));
        assert_eq!(decoder.decode::<i64>().unwrap(), None);
    }
}

/// G22, G242: what was defined inside a value that was skipped can be used afterwards.
#[test]
fn definitions_inside_a_skipped_interface_are_kept() {
    let mut bytes = hex(SPLIT);
    // T1{A: 9}, by the id that the interface introduced.
    bytes.extend_from_slice(&hex("05 ff82 0112 00"));
    #[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
    struct T1 {
        #[serde(rename = "A")]
        a: i64,
    }
    let mut decoder = Decoder::new(Cursor::new(bytes));
    assert!(decoder.skip().unwrap());
    assert_eq!(decoder.decode().unwrap(), Some(T1 { a: 9 }));
}

#[test]
fn a_value_cut_between_its_messages_is_an_unexpected_end() {
    let bytes = hex(SPLIT);
    for end in 1..bytes.len() {
        let error = Decoder::new(&bytes[..end]).decode::<Holder>().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "cut at {end}: {error:?}");
    }
}

#[test]
fn pieces_are_values_as_soon_as_they_are_complete() {
    let bytes = two_points();
    let mut decoder = PushDecoder::new();
    let mut came = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        decoder.push(&[*byte]);
        if let Some(point) = decoder.decode::<Point>().unwrap() {
            came.push((at + 1, point));
        }
    }
    assert_eq!(came, [(bytes.len() - 8, Point { x: 1, y: 2 }), (bytes.len(), Point { x: 3, y: 4 })]);
    decoder.finish().unwrap();
    decoder.push(&bytes[..3]);
    assert!(matches!(decoder.finish().unwrap_err().kind(), ErrorKind::UnexpectedEof));
}

/// However many messages a value spans, the time it takes is that of its bytes.
#[test]
fn a_value_over_many_messages_is_read_once() {
    // []any with a type of its own for each element: a message each.
    let mut bytes = hex("0b 7f 0201 02 ff80 00 01 10 0000");
    let count = 50_000_i64;
    let int = |n: i64| to_vec(&n).unwrap()[3..].to_vec();
    let uint = |n: usize| to_vec(&(n as u64)).unwrap()[3..].to_vec();
    let mut open = [hex("ff80 00"), uint(count as usize)].concat();
    for id in 65..65 + count {
        let name = format!("t{id}");
        let definition = [int(-id), hex("03 01 02"), int(id), hex("00 00")].concat();
        open.extend([uint(name.len()), name.into_bytes(), definition].concat());
        bytes.extend(uint(open.len()));
        bytes.append(&mut open);
        open = [int(id), hex("01 00")].concat();
    }
    bytes.extend(uint(open.len()));
    bytes.append(&mut open);
    let mut decoder = PushDecoder::with_limits(Limits::new().types(count as usize + 1));
    let mut value = None;
    let mut elapsed = Duration::ZERO;
    for pieces in bytes.chunks(7000) {
        assert!(value.is_none(), "it is complete before all has come");
        let start = Instant::now();
        for piece in pieces.chunks(7) {
            decoder.push(piece);
            value = decoder.decode_value().unwrap();
        }
        // A machine that stands still does so during one of them.
        elapsed += start.elapsed().min(Duration::from_millis(500));
    }
    decoder.finish().unwrap();
    let Some(gobrpc::gob::Value::Slice(slice)) = value else { panic!("{value:?}") };
    assert_eq!(slice.items().len(), count as usize);
    // To begin again with each message would take minutes.
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
}

/// One definition after the other, and a value of the first type.
fn defined(definitions: &[&str], value: &str) -> Vec<u8> {
    definitions.iter().chain([&value]).flat_map(|text| hex(text)).collect()
}

#[test]
fn streams_that_begin_with_the_same_definition_may_go_on_differently() {
    // type 64 struct { A []int }, whose slice is the type 65, or one of strings.
    let outer = "18 7f 03 01 02 ff80 00 01 01 01 01 41 01 ff82 00 00 00";
    let outer = outer.replacen("18", &format!("{:02x}", hex(outer).len() - 1), 1);
    let ints = defined(&[&outer, "0c ff81 02 01 02 ff82 00 01 04 00 00"], "07 ff80 01 02 02 04 00");
    let strings = defined(&[&outer, "0c ff81 02 01 02 ff82 00 01 0c 00 00"], "09 ff80 01 02 01 78 01 79 00");

    #[derive(Debug, PartialEq, Deserialize, Gob)]
    struct Outer<T> {
        #[serde(rename = "A")]
        a: Vec<T>,
    }
    for _ in 0..2 {
        assert_eq!(from_slice::<Outer<i64>>(&ints).unwrap(), Outer { a: vec![1, 2] });
        assert_eq!(from_slice::<Outer<String>>(&strings).unwrap(), Outer { a: vec!["x".to_owned(), "y".to_owned()] });
        from_slice::<Outer<String>>(&ints).unwrap_err();
    }
}

#[test]
fn limits_hold_for_definitions_that_other_streams_have_had_before() {
    let bytes = to_vec(&vec![vec![Point { x: 1, y: 2 }]]).unwrap();
    for _ in 0..2 {
        assert_eq!(Decoder::new(&bytes[..]).decode::<Vec<Vec<Point>>>().unwrap().unwrap().len(), 1);
        let error = Decoder::with_limits(&bytes[..], Limits::new().types(2)).decode_value().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooManyTypes(2)), "{error:?}");
        let error = Decoder::with_limits(&bytes[..], Limits::new().message(40)).decode_value().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooBigTypes(40)), "{error:?}");
        let error = Decoder::with_limits(&bytes[..], Limits::new().depth(2)).decode::<Vec<Vec<Point>>>().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooDeep(2)), "{error:?}");
    }
}

#[test]
fn what_follows_a_definition_in_its_message_is_refused_on_every_stream() {
    let mut bytes = to_vec(&Point { x: 1, y: 2 }).unwrap();
    let end = usize::from(bytes[0]) + 1;
    bytes[0] += 1;
    bytes.insert(end, 0);
    for _ in 0..2 {
        let mut decoder = Decoder::new(&bytes[..]);
        assert!(matches!(decoder.decode::<Point>().unwrap_err().kind(), ErrorKind::ExtraData));
        assert_eq!(decoder.decode().unwrap(), Some(Point { x: 1, y: 2 }));
    }
}
