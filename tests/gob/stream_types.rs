//! The types of a stream, as it told them.

use gobrpc::Gob;
use gobrpc::gob::{Decoder, Encoder, StreamMarshaler, StreamShape, StreamType, Time, to_value, to_vec};
use serde::Serialize;

#[derive(Serialize, Gob)]
#[serde(rename_all = "PascalCase")]
struct Node {
    label: String,
    at: Time,
    next: Option<Box<Self>>,
}

fn node() -> Node {
    Node { label: "a".to_owned(), at: Time::UNIX_EPOCH, next: None }
}

fn decoded<T: Gob + Serialize>(value: &T) -> (Decoder<std::io::Cursor<Vec<u8>>>, StreamType) {
    let mut decoder = Decoder::new(std::io::Cursor::new(to_vec(value).unwrap()));
    let value = decoder.decode_value().unwrap().unwrap();
    (decoder, value.stream_type())
}

#[test]
fn types_are_listed_in_the_order_of_their_definitions() {
    let (decoder, _) = decoded(&vec![node()]);
    let listed: Vec<(i32, String)> = decoder.types().iter().map(|ty| (ty.id(), ty.name())).collect();
    assert_eq!(listed, [(66, "".to_owned()), (64, "Node".to_owned()), (65, "Time".to_owned())]);
}

#[test]
fn a_struct_tells_its_fields_and_may_lead_to_itself() {
    let (_, ty) = decoded(&node());
    let StreamShape::Struct(fields) = ty.shape() else { panic!("{ty:?}") };
    assert_eq!(fields.iter().map(|field| field.name()).collect::<Vec<_>>(), ["Label", "At", "Next"]);
    assert_eq!(fields[0].ty().shape(), StreamShape::String);
    assert_eq!(fields[1].ty().shape(), StreamShape::Opaque(StreamMarshaler::Gob));
    assert_eq!(fields[2].ty(), &ty);
}

#[test]
fn slices_arrays_and_maps_tell_their_parts() {
    let (_, slice) = decoded(&vec![[1.5_f64; 3]]);
    let StreamShape::Slice(array) = slice.shape() else { panic!("{slice:?}") };
    let StreamShape::Array(elem, 3) = array.shape() else { panic!("{array:?}") };
    assert_eq!(elem.shape(), StreamShape::Float);

    let (_, map) = decoded(&std::collections::BTreeMap::from([("a", vec![1_u8])]));
    let StreamShape::Map(key, elem) = map.shape() else { panic!("{map:?}") };
    assert_eq!((key.shape(), elem.shape()), (StreamShape::String, StreamShape::Bytes));
}

#[test]
fn types_of_two_streams_differ_unless_they_need_no_definition() {
    let (first, second) = (to_value(&vec![1]).unwrap(), to_value(&vec![1]).unwrap());
    assert_eq!(first.stream_type(), first.stream_type());
    assert_ne!(first.stream_type(), second.stream_type());
    assert_eq!(to_value(&1).unwrap().stream_type(), to_value(&2).unwrap().stream_type());
}

#[test]
fn what_is_in_an_interface_tells_its_type_when_it_came_on_a_stream() {
    let value = gobrpc::gob::Registry::new().wrap(&7_u8).unwrap();
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode_value(&value).unwrap();
    let bytes = encoder.into_inner();
    let value = Decoder::new(&bytes[..]).decode_value().unwrap().unwrap();
    let gobrpc::gob::Value::Interface(Some(held)) = value else { panic!("{value}") };
    assert_eq!(held.stream_type().map(|ty| ty.shape()), Some(StreamShape::Uint));
}
