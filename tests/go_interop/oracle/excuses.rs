//! Where Go and we differ on purpose: what `tests/gob/verdicts.rs` and the tests beside this file show one by one.

use gobrpc::gob::{self, ErrorKind};

use super::mutate;
use super::types::{Ty, Types};
use super::values::Val;

/// What both sides make of a stream, when it is not the same.
pub(super) struct Difference<'a> {
    pub(super) types: &'a Types,
    /// What was written, and as what, before any damage.
    pub(super) values: &'a [Val],
    pub(super) original: &'a [u8],
    /// The type it is read as.
    pub(super) ty: &'a Ty,
    pub(super) bytes: &'a [u8],
    pub(super) go: &'a str,
    pub(super) ours: Option<&'a gob::Error>,
}

/// The reason, if there is one.
pub(super) fn excuse(difference: &Difference<'_>) -> Option<&'static str> {
    let Difference { types, values, original, ty, bytes, go, ours } = difference;
    let ours = ours.map(gob::Error::kind);
    let is_damaged = **ty == types.top;
    if go.contains("local interface type") {
        return Some("excused: a Value takes any type at top level");
    }
    if go.contains("name not registered for interface") {
        return Some("excused: a Value needs no registration");
    }
    // What is skipped may be an interface that gob cannot skip (G240–G242).
    if ours.is_none() && values.iter().any(Val::has_interface) {
        return Some("excused: Go loses its way when it skips an interface");
    }
    // `f8` and eight bytes, of which the first is at least `80`, are such a count.
    if ours.is_some() && bytes.windows(2).any(|pair| pair[0] == 0xf8 && pair[1] >= 0x80) {
        return Some("excused: Go takes a count beyond all counts for none (G221)");
    }
    // In a map with struct keys, the first entries may use up the bytes of the others.
    if matches!(ours, Some(ErrorKind::TooManyElements(_)))
        || (matches!(ours, Some(ErrorKind::MissingValue)) && types.has_struct_keys())
    {
        return Some("excused: Go reads entries without bytes at the end of a message (G216)");
    }
    if matches!(ours, Some(ErrorKind::UnknownTypeId)) && mutate::ids(bytes).any(|id| (16..=24).contains(&id)) {
        return Some("excused: Go reads definitions as values (G205)");
    }
    // Damage that gives one field the name of another.
    let count = |bytes: &[u8], name: &str| {
        let name = [&[name.len() as u8], name.as_bytes()].concat();
        mutate::definitions(bytes).map(|body| body.windows(name.len()).filter(|at| *at == name).count()).sum::<usize>()
    };
    if is_damaged && types.field_names().iter().any(|name| count(bytes, name) > count(original, name)) {
        return Some("excused: of two received fields with one name we take the second, even if it is left out (G202)");
    }
    // Go makes one decoder for all fields of a type, by what the first of them receives. They differ only in damaged
    // definitions, some of which are out of sight in interfaces.
    let is_redefined = !mutate::definitions(original).eq(mutate::definitions(bytes));
    let is_redefined = is_redefined || values.iter().any(Val::has_interface);
    if is_redefined && matches!(ours, Some(ErrorKind::WantStruct(_))) {
        return Some("excused: Go takes what is defined as a struct and more for a struct where it wants one (G228)");
    }
    if is_redefined && ours.is_none() && go.contains("decoding into local type") && types.has_loops() {
        return Some("excused: Go takes a type that holds itself for one received type alone (G189)");
    }
    (is_damaged && is_redefined && types.has_twins())
        .then_some("excused: Go reads two fields of one type as the first of them")
}

/// The reason for a difference when values are passed over.
pub(super) fn excuse_skip(
    original: &[u8],
    bytes: &[u8],
    go: &str,
    ours: Option<&gob::Error>,
    we_go_on: bool,
) -> Option<&'static str> {
    let is_redefined = !mutate::definitions(original).eq(mutate::definitions(bytes));
    if is_redefined && ours.is_some() && !we_go_on {
        return Some("excused: Go takes what is defined as a struct and more for the struct when it skips (G228)");
    }
    // Go passes over as many bytes as the interface says it has, and we over what is in it (G240–G242). It may be
    // damage that makes an interface: its id 8 is `10`.
    if bytes.contains(&0x10) {
        return Some("excused: Go does not look into an interface that it skips");
    }
    let is_unusable = ["undefined type", "ignore can't handle type", "empty name for remote field"];
    let is_unusable = is_unusable.iter().any(|text| go.contains(text));
    (we_go_on && is_unusable).then_some("excused: a type may be wrong as long as nothing of it is there")
}
