//! What a new stream begins with: the definitions of the type of its first value. They are the same on every new
//! stream, so each type is described only once, however many streams begin with it.

use std::collections::BTreeMap;
use std::ptr;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use super::error::Result;
use super::ser::BLOCK;
use super::stream::ids::TypeIds;
use super::stream::wiretype::{TypeId, WireType};
use super::ty::Type;
use super::wire::{Gap, put_int};

/// A type as the first one of a stream.
struct Opening {
    id: TypeId,
    definitions: Vec<u8>,
    ids: Arc<TypeIds>,
}

static FRESH: LazyLock<Arc<TypeIds>> = LazyLock::new(|| Arc::new(TypeIds::new()));

/// By the address of the description. There are as many as there are types in the program.
static OPENINGS: RwLock<BTreeMap<usize, Opening>> = RwLock::new(BTreeMap::new());

/// The ids of a stream that has not begun.
pub(super) fn fresh() -> Arc<TypeIds> {
    Arc::clone(&FRESH)
}

/// Writes the definitions with which a fresh stream of values of type `ty` begins. Returns the type's id and the state
/// of the stream.
pub(super) fn begin(ty: &'static Type, out: &mut Vec<u8>) -> Result<(TypeId, Arc<TypeIds>)> {
    let address = ptr::from_ref(ty).addr();
    if let Some(opening) = OPENINGS.read().unwrap_or_else(PoisonError::into_inner).get(&address) {
        return Ok(opening.write(out));
    }
    let (mut ids, mut definitions) = (TypeIds::new(), Vec::new());
    let id = ids.describe(ty, &mut |id, ty| put_definition(&mut definitions, id, ty))?;
    ids.settle(true);
    let opening = Opening { id, definitions, ids: Arc::new(ids) };
    let written = opening.write(out);
    OPENINGS.write().unwrap_or_else(PoisonError::into_inner).insert(address, opening);
    Ok(written)
}

impl Opening {
    fn write(&self, out: &mut Vec<u8>) -> (TypeId, Arc<TypeIds>) {
        // With room for a small value, so that the buffer need not grow at once.
        out.reserve(self.definitions.len() + BLOCK);
        out.extend_from_slice(&self.definitions);
        (self.id, Arc::clone(&self.ids))
    }
}

/// Writes the message that defines a type.
pub(super) fn put_definition(out: &mut Vec<u8>, id: TypeId, ty: &WireType) {
    let gap = Gap::open(out, 1);
    put_int(out, -i64::from(id));
    ty.encode(out);
    let len = (out.len() - gap.end()) as u64;
    gap.close(out, len);
}
