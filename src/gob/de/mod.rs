//! From bytes to values: a serde deserializer that follows a [`Plan`].

pub(in crate::gob) mod content;
mod interface;
mod numbers;
pub(crate) mod octets;
pub(crate) mod parts;
pub(crate) mod plan;
pub(in crate::gob) mod reader;
pub(in crate::gob) mod row;
mod skip;
mod structs;
pub(crate) mod value;
pub(crate) mod zero;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

#[cfg(feature = "rpc")]
use bytes::Bytes;
use serde::Deserialize;
#[cfg(feature = "rpc")]
use serde::de::DeserializeOwned;
use serde::de::DeserializeSeed;

use self::plan::Plan;
use self::reader::{Lasting, Lend, Passing, Reader};
use self::row::Row;
use self::value::ValueDeserializer;
use super::error::Result;
use super::limits::Limits;
use super::schema::Gob;
use super::stream::table::TypeTable;
use super::stream::walk::take_singleton;
use super::stream::wiretype::TypeId;
use super::ty::{Kind, Type};
use super::value::Value;
use super::value::decode::decode as value_decode;
use super::wire::Cursor;

/// What decoding the values of one stream needs, wherever it happens: its types, and with them the plans made so far.
pub(crate) struct Context {
    types: TypeTable,
    limits: Limits,
    kept: Kept,
}

/// The first plans that the values of a stream were decoded by, in a chain that is only ever added to, so that no lock
/// is taken for them and nothing is counted that other streams count, too.
#[derive(Default)]
struct Kept(OnceLock<Box<Link>>);

struct Link {
    id: TypeId,
    address: usize,
    plan: Arc<Plan>,
    next: Kept,
}

/// How long the chain may become. Beyond that it would take longer than to look among the plans of all streams.
const MOST_KEPT: usize = 8;

/// A plan that the stream keeps, or that others share.
enum Planned<'c> {
    Kept(&'c Plan),
    Shared(Arc<Plan>),
}

impl Deref for Planned<'_> {
    type Target = Plan;

    #[inline]
    fn deref(&self) -> &Plan {
        match self {
            Self::Kept(plan) => plan,
            Self::Shared(plan) => plan,
        }
    }
}

/// The plans made so far for streams with the same types: by received id, local description and how deep types may
/// nest. A description has few addresses, so the map stays small.
#[derive(Default)]
struct Plans(RwLock<BTreeMap<(TypeId, usize, usize), Arc<Plan>>>);

/// The plan of the last value, for streams that repeat one type: no lock is taken then.
#[derive(Debug, Default)]
pub(crate) struct Recent(Option<(TypeId, usize, Arc<Plan>)>);

impl Context {
    pub(crate) fn new(types: TypeTable, limits: Limits) -> Self {
        Self { types, limits, kept: Kept::default() }
    }

    /// The plan for values of type `id` as `local`.
    fn planned(&self, id: TypeId, local: &'static Type) -> Result<Planned<'_>> {
        let address = ptr::from_ref(local).addr();
        let mut kept = &self.kept;
        for _ in 0..MOST_KEPT {
            match kept.0.get() {
                Some(link) if link.id == id && link.address == address => return Ok(Planned::Kept(&link.plan)),
                Some(link) => kept = &link.next,
                None => {
                    let plan = self.plan(id, local)?;
                    let link = Link { id, address, plan: Arc::clone(&plan), next: Kept::default() };
                    // Somebody may have been faster. Then it is kept next time.
                    let _ = kept.0.set(Box::new(link));
                    return Ok(Planned::Shared(plan));
                }
            }
        }
        self.plan(id, local).map(Planned::Shared)
    }

    #[inline(never)]
    fn plan(&self, id: TypeId, local: &'static Type) -> Result<Arc<Plan>> {
        let key = (id, ptr::from_ref(local).addr(), self.limits.depth);
        let known = self
            .types
            .with_memo(|Plans(plans)| plans.read().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone));
        match known {
            Some(Some(plan)) => Ok(plan),
            _ => self.compile(key, local),
        }
    }

    #[inline(never)]
    fn compile(&self, key: (TypeId, usize, usize), local: &'static Type) -> Result<Arc<Plan>> {
        let plan = Arc::new(Plan::compile(key.0, local, &self.types, self.limits.depth)?);
        self.types.with_memo(|Plans(plans)| {
            plans.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&plan))
        });
        Ok(plan)
    }

    /// The plan for values of type `id` as `local`.
    #[inline]
    pub(crate) fn recall<'r>(&self, recent: &'r mut Recent, id: TypeId, local: &'static Type) -> Result<&'r Plan> {
        let address = ptr::from_ref(local).addr();
        if !matches!(recent.0, Some((known, at, _)) if known == id && at == address) {
            recent.0 = Some((id, address, self.plan(id, local)?));
        }
        Ok(recent.0.as_ref().map_or(Plan::NONE, |(_, _, plan)| plan))
    }

    /// Decodes a value by a plan that does not change.
    #[inline]
    pub(crate) fn decode_by<'de, T: Gob + Deserialize<'de>>(
        &self,
        plan: &Plan,
        payload: &'de [u8],
        offset: u64,
    ) -> Result<T> {
        self.decode_typed::<T, Lasting>(plan, payload, offset)
    }

    /// The same for a type that is known only at run time.
    #[inline]
    pub(crate) fn decode_by_seed<'de, S: DeserializeSeed<'de>>(
        &self,
        plan: &Plan,
        ty: &'static Type,
        seed: S,
        payload: &'de [u8],
        offset: u64,
    ) -> Result<S::Value> {
        self.follow::<_, Lasting>(plan, ty, seed, payload, offset)
    }

    /// Decodes a value of type `id` that begins at `offset` of the stream. It may borrow from `payload`.
    pub(crate) fn decode<'de, T: Gob + Deserialize<'de>>(
        &self,
        id: TypeId,
        payload: &'de [u8],
        offset: u64,
    ) -> Result<T> {
        let plan = self.planned(id, T::TYPE).map_err(|error| error.at(offset))?;
        self.decode_typed::<T, Lasting>(&plan, payload, offset)
    }

    /// The same for the only value of a stream, whose plan is not worth keeping.
    pub(crate) fn decode_once<'de, T: Gob + Deserialize<'de>>(
        &self,
        id: TypeId,
        payload: &'de [u8],
        offset: u64,
    ) -> Result<T> {
        let plan = self.plan(id, T::TYPE).map_err(|error| error.at(offset))?;
        self.decode_typed::<T, Lasting>(&plan, payload, offset)
    }

    /// The same for one that was joined from several messages, and cannot borrow.
    pub(crate) fn decode_joined<'de, T: Gob + Deserialize<'de>>(
        &self,
        id: TypeId,
        payload: &[u8],
        offset: u64,
    ) -> Result<T> {
        let plan = self.plan(id, T::TYPE).map_err(|error| error.at(offset))?;
        self.decode_typed::<T, Passing>(&plan, payload, offset)
    }

    /// Decodes a value of type `id` that may keep a part of `payload`.
    #[cfg(feature = "rpc")]
    pub(crate) fn decode_shared<T: Gob + DeserializeOwned>(
        &self,
        id: TypeId,
        payload: &Bytes,
        offset: u64,
    ) -> Result<T> {
        let plan = self.planned(id, T::TYPE).map_err(|error| error.at(offset))?;
        if const { matches!(T::KIND, Kind::Bytes) }
            && let Some(octets) = plan.octets(payload)
            && let Some(value) = T::from_shared(payload.slice_ref(octets))
        {
            return Ok(value);
        }
        self.decode_typed::<T, Lasting>(&plan, payload, offset)
    }

    /// Decodes a value whose type is known only from the stream.
    pub(crate) fn decode_value(&self, id: TypeId, payload: &[u8], offset: u64) -> Result<Value> {
        let mut reader = Reader::<Passing>::new(Cursor::new(payload, offset), self, Plan::NONE);
        value_decode(&mut reader, id).map_err(|error| error.at(reader.cursor.offset()))
    }

    /// Reads over a value, as strictly as if it were wanted.
    pub(crate) fn skip(&self, id: TypeId, payload: &[u8], offset: u64) -> Result<()> {
        let mut reader = Reader::<Passing>::new(Cursor::new(payload, offset), self, Plan::NONE);
        reader.skip_singleton(id).map_err(|error| error.at(reader.cursor.offset()))
    }

    pub(crate) fn types(&self) -> &TypeTable {
        &self.types
    }

    /// Decodes a value of a type that is known at compile time by a plan.
    #[inline]
    fn decode_typed<'i, 'de, T: Gob + Deserialize<'de>, L: Lend<'i, 'de>>(
        &self,
        plan: &Plan,
        payload: &'i [u8],
        offset: u64,
    ) -> Result<T> {
        // By the plan the types fit; whatever else is wrong is told by the longer way.
        if const { matches!(T::KIND, Kind::Bytes) }
            && let Some(octets) = plan.octets(payload)
            && let Ok(value) = T::from_octets(octets.into())
        {
            return Ok(value);
        }
        if const { matches!(T::KIND, Kind::Slice) }
            && self.limits.depth > 0
            && let Some(value) = Row::new(payload).and_then(T::from_row)
        {
            return Ok(value);
        }
        self.follow::<_, L>(plan, T::TYPE, PhantomData::<T>, payload, offset)
    }

    #[inline]
    fn follow<'i, 'de, S: DeserializeSeed<'de>, L: Lend<'i, 'de>>(
        &self,
        plan: &Plan,
        ty: &'static Type,
        seed: S,
        payload: &'i [u8],
        offset: u64,
    ) -> Result<S::Value> {
        let mut cursor = Cursor::new(payload, offset);
        if plan.is_singleton {
            take_singleton(&mut cursor)?;
        }
        let mut reader = Reader::<L>::new(cursor, self, plan);
        match seed.deserialize(ValueDeserializer::new(&mut reader, plan.root())) {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(reader.cursor.offset()).named(ty)),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}
