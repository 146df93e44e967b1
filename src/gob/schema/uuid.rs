//! uuid: `Uuid` is the `UUID` of github.com/google/uuid, which encodes itself as its sixteen bytes, and so it does for
//! serde.

use uuid::Uuid;

use super::Gob;
use crate::gob::ty::{Kind, Marshaler, OpaqueType, Parts, Type};

impl Gob for Uuid {
    const TYPE: &'static Type = &Type {
        kind: Kind::Opaque,
        name: "UUID",
        package: "github.com/google/uuid",
        args: &[],
        parts: Parts::Opaque(&OpaqueType {
            marshaler: Marshaler::Binary,
            zero: &[0; 16],
            omit_zero: true,
            inside: None,
        }),
    };
    const KIND: Kind = Kind::Opaque;
}
