//! From bytes to values: a serde deserializer that follows a [`Plan`].

pub(in crate::gob) mod content;
mod interface;
mod numbers;
pub(crate) mod octets;
pub(crate) mod plan;
pub(in crate::gob) mod reader;
mod skip;
mod structs;
pub(crate) mod value;
pub(crate) mod zero;

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Deserialize;
use serde::de::DeserializeSeed;

use self::plan::Plan;
use self::reader::{Lasting, Lend, Passing, Reader};
use self::value::ValueDeserializer;
use super::error::Result;
use super::limits::Limits;
use super::schema::Gob;
use super::stream::table::TypeTable;
use super::stream::walk::take_singleton;
use super::stream::wiretype::TypeId;
use super::ty::Type;
use super::value::Value;
use super::value::decode::decode as value_decode;
use super::wire::Cursor;

/// What decoding the values of one stream needs, wherever it happens: its types, and the plans made so far.
#[derive(Debug)]
pub(crate) struct Context {
    types: TypeTable,
    limits: Limits,
    /// By received id and local description. A description has few addresses, so the map stays small.
    plans: RwLock<BTreeMap<(TypeId, usize), Arc<Plan>>>,
}

/// The plan of the last value, for streams that repeat one type: no lock is taken then.
#[derive(Debug, Default)]
pub(crate) struct Recent(Option<(TypeId, usize, Arc<Plan>)>);

impl Context {
    pub(crate) fn new(types: TypeTable, limits: Limits) -> Self {
        Self { types, limits, plans: RwLock::new(BTreeMap::new()) }
    }

    fn plan(&self, id: TypeId, local: &'static Type) -> Result<Arc<Plan>> {
        let address = ptr::from_ref(local).addr();
        if let Some(plan) = self.known(id, address) {
            return Ok(plan);
        }
        let plan = Arc::new(self.compile(id, local)?);
        self.keep(id, address, Arc::clone(&plan));
        Ok(plan)
    }

    fn known(&self, id: TypeId, address: usize) -> Option<Arc<Plan>> {
        self.plans.read().unwrap_or_else(PoisonError::into_inner).get(&(id, address)).map(Arc::clone)
    }

    fn keep(&self, id: TypeId, address: usize, plan: Arc<Plan>) {
        self.plans.write().unwrap_or_else(PoisonError::into_inner).insert((id, address), plan);
    }

    fn compile(&self, id: TypeId, local: &'static Type) -> Result<Plan> {
        Plan::compile(id, local, &self.types, self.limits.depth)
    }

    /// The plan for values of type `id` as `local`.
    #[inline]
    pub(crate) fn recall<'r>(&self, recent: &'r mut Recent, id: TypeId, local: &'static Type) -> Result<&'r Plan> {
        let address = ptr::from_ref(local).addr();
        if !matches!(recent.0, Some((known, at, _)) if known == id && at == address)
            && let Some((id, address, plan)) = recent.0.take()
        {
            self.keep(id, address, plan);
        }
        let plan = match &mut recent.0 {
            Some((_, _, plan)) => plan,
            none => {
                let plan = match self.known(id, address) {
                    Some(plan) => plan,
                    None => Arc::new(self.compile(id, local)?),
                };
                &mut none.insert((id, address, plan)).2
            }
        };
        Ok(plan)
    }

    /// Decodes a value by a plan that does not change.
    #[inline]
    pub(crate) fn decode_by<'de, S: DeserializeSeed<'de>>(
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
        self.decode_from::<_, Lasting>(T::TYPE, PhantomData::<T>, id, payload, offset)
    }

    /// Decodes a value that was joined from several messages, and cannot borrow.
    pub(crate) fn decode_joined<'de, T: Gob + Deserialize<'de>>(
        &self,
        id: TypeId,
        payload: &[u8],
        offset: u64,
    ) -> Result<T> {
        self.decode_from::<_, Passing>(T::TYPE, PhantomData::<T>, id, payload, offset)
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

    fn decode_from<'i, 'de, S: DeserializeSeed<'de>, L: Lend<'i, 'de>>(
        &self,
        ty: &'static Type,
        seed: S,
        id: TypeId,
        payload: &'i [u8],
        offset: u64,
    ) -> Result<S::Value> {
        let plan = self.plan(id, ty).map_err(|error| error.at(offset))?;
        self.follow::<_, L>(&plan, ty, seed, payload, offset)
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
