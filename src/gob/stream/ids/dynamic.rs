//! Types that a dynamic value brings from its own stream.

use super::TypeIds;
use crate::gob::error::Result;
use crate::gob::stream::table::TypeTable;
use crate::gob::stream::wiretype::{FIRST_USER_ID, Shape, TypeId, WireType, say_the_same};

impl TypeIds {
    /// The id of a type that a dynamic value brought from its own stream, with the definitions that are not sent yet,
    /// in the order in which they came. It keeps the id it had there, unless that is taken.
    pub(crate) fn describe_dynamic(
        &mut self,
        table: &TypeTable,
        id: TypeId,
        define: &mut dyn FnMut(TypeId, &WireType),
    ) -> Result<TypeId> {
        if id < FIRST_USER_ID {
            return Ok(id);
        }
        // Two types of Go may look the same to a stream (G32).
        if let Some(ty) = table.static_type(id) {
            return self.describe(ty, define);
        }
        if let Some(known) = self.foreign.id(table, id) {
            return Ok(known);
        }
        self.changed = true;
        let mut new = Vec::new();
        for there in table.closure(id) {
            if self.foreign.id(table, there).is_some() {
                continue;
            }
            match self.find_equal(table, there) {
                Some(here) => self.foreign.learn(table, there, here),
                None => new.push(there),
            }
        }
        // Ids are taken in the order in which Go took them, which is not that of the definitions (G27).
        let mut ids = new.clone();
        ids.sort_unstable();
        for there in ids {
            let keeps = !table.is_made_here() && !self.is_taken(there);
            let here = if keeps { there } else { self.take_id() };
            self.foreign.learn(table, there, here);
        }
        for there in new {
            let Some(ty) = table.get(there) else { continue };
            let here = |id| self.foreign.id(table, id).unwrap_or(id);
            // The id inside may be another one (G150).
            let inside = if ty.id == there { here(there) } else { ty.id };
            let ty = WireType { name: ty.name.clone(), id: inside, shape: ty.shape.map_ids(here), is_ambiguous: false };
            let id = here(there);
            define(id, &ty);
            self.foreign.define(table, id, ty);
        }
        Ok(self.foreign.id(table, id).unwrap_or(id))
    }

    /// A type on this stream that says the same as one of another stream.
    fn find_equal(&self, table: &TypeTable, there: TypeId) -> Option<TypeId> {
        if !table.is_made_here() && !self.is_taken(there) {
            // It is defined again under the id it had, as on its own stream.
            return None;
        }
        let mine = self.sent.iter().map(|&index| self.entries[index].id);
        mine.chain(self.foreign.defined_elsewhere(table)).find(|&here| self.is_equal(here, table, there))
    }

    fn is_equal(&self, here: TypeId, table: &TypeTable, there: TypeId) -> bool {
        say_the_same(here, there, |here, there| {
            let (Some((name, shape)), Some(ty)) = (self.definition(here), table.get(there)) else { return None };
            if name == ty.name { shape.pair_parts(&ty.shape) } else { None }
        })
    }

    fn is_taken(&self, id: TypeId) -> bool {
        id < self.next || self.foreign.has(id)
    }

    /// What has been said of a type on this stream.
    fn definition(&self, id: TypeId) -> Option<(&str, &Shape)> {
        let entry = self.sent.iter().map(|&index| &self.entries[index]).find(|entry| entry.id == id);
        match entry {
            Some(entry) => Some((&entry.name, &entry.shape)),
            None => self.foreign.get(id).map(|ty| (ty.name.as_str(), &ty.shape)),
        }
    }
}
