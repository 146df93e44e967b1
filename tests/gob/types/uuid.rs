//! The crate uuid.

use std::collections::HashMap;

use gobrpc::Gob;
use gobrpc::gob::{from_slice, to_vec};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{check, golden, map};

const UUID: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

#[derive(Debug, PartialEq, Serialize, Deserialize, Gob)]
#[serde(rename = "UUIDs", rename_all = "PascalCase")]
struct Uuids {
    u: Uuid,
    p: Option<Uuid>,
    l: Vec<Uuid>,
    m: HashMap<Uuid, String>,
    zero: Uuid,
}

#[test]
fn a_uuid_has_gos_bytes() {
    check("uuid", UUID);
    let (l, m) = (vec![UUID, Uuid::nil()], map(UUID, "v".to_owned()));
    check("uuid_fields", Uuids { u: UUID, p: Some(UUID), l, m, zero: Uuid::nil() });
}

#[test]
fn a_field_that_did_not_come_is_the_nil_uuid() {
    let none: Uuids = from_slice(
        &to_vec(&Uuids { u: Uuid::nil(), p: None, l: vec![], m: HashMap::new(), zero: Uuid::nil() }).unwrap(),
    )
    .unwrap();
    assert_eq!((none.u, none.p), (Uuid::nil(), None));
}

#[test]
fn a_uuid_of_another_length_is_refused() {
    // The same mechanism, another payload.
    assert!(from_slice::<Uuid>(&golden("netip_addr_v4")).is_err());
}
