//! The Rust types of Go's types.

use super::module::{Module, Pending};
use super::traits::MAX_ARRAY;
use crate::emit::names::camel;
use crate::model::{Basic, Body, Ty, TypeId};

/// Where a type stands.
pub(super) struct Position<'a> {
    /// The declared type that it is a part of.
    pub(super) owner: Option<TypeId>,
    /// What a declaration would be called that is needed for it.
    pub(super) name: &'a str,
}

impl Position<'_> {
    /// The same for what needs no `Box`, since it is not in the value itself.
    const fn on_the_heap(&self) -> Self {
        Self { owner: None, name: self.name }
    }
}

impl Module<'_> {
    /// The type as it is written.
    pub(super) fn ty(&mut self, ty: &Ty, position: &Position<'_>) -> String {
        match ty {
            Ty::Basic(basic) => self.basic(*basic),
            Ty::Slice(elem) => {
                format!("{}<{}>", self.prelude("std::vec", "Vec"), self.ty(elem, &position.on_the_heap()))
            }
            Ty::Array(length, elem) if *length > MAX_ARRAY => {
                let name = self.taken.take(&format!("{}Array", position.name));
                let (length, elem, owner, params) = (*length, (**elem).clone(), position.owner, params_of(ty));
                let generics = generics(&params);
                self.pending.push_back(Pending::Array { name: name.clone(), params, length, elem, owner });
                name + &generics
            }
            Ty::Array(length, elem) => format!("[{}; {length}]", self.ty(elem, position)),
            Ty::Map(key, elem) if elem.is_nothing() => {
                let set = self.import("std::collections", "HashSet");
                format!("{set}<{}>", self.ty(key, &position.on_the_heap()))
            }
            Ty::Map(key, elem) => {
                let (map, inner) = (self.import("std::collections", "HashMap"), position.on_the_heap());
                format!("{map}<{}, {}>", self.ty(key, &inner), self.ty(elem, &inner))
            }
            Ty::Pointer(elem) => {
                let option = self.prelude("std::option", "Option");
                let is_boxed = position.owner.is_some_and(|owner| self.writer.analysis.closes(elem, owner));
                let elem = self.ty(elem, position);
                match is_boxed {
                    true => format!("{option}<{}<{elem}>>", self.prelude("std::boxed", "Box")),
                    false => format!("{option}<{elem}>"),
                }
            }
            Ty::Struct(members) if members.is_empty() => "()".to_owned(),
            Ty::Struct(members) => {
                let name = self.taken.take(position.name);
                let (members, owner, params) = (members.clone(), position.owner, params_of(ty));
                let generics = generics(&params);
                self.pending.push_back(Pending::Struct { name: name.clone(), params, members, owner });
                name + &generics
            }
            Ty::Any => self.import("gobrpc::gob", "Value"),
            Ty::Known(known) => {
                let facts = known.facts();
                let (module, name) = facts.rust;
                self.needs.extend(facts.feature);
                // A bare `Int` or `Addr` would say too little.
                if module.starts_with("gobrpc::gob::") {
                    format!("{module}::{name}")
                } else {
                    self.import(module, name)
                }
            }
            Ty::Declared(id, args) => self.name_of(*id, args, position),
            Ty::Param(name) => camel(name),
        }
    }

    /// The type of a field, and the attribute that it needs there.
    pub(super) fn field_ty(&mut self, ty: &Ty, position: &Position<'_>) -> (String, Option<&'static str>) {
        match self.unaliased(ty) {
            Ty::Array(length, elem) if length > MAX_ARRAY => {
                let elem = self.ty(&elem, position);
                (format!("[{elem}; {length}]"), Some("#[serde(with = \"gobrpc::gob::array\")]"))
            }
            _ => (self.ty(ty, position), None),
        }
    }

    /// The type that an alias is of, for an array that must be seen to be one.
    fn unaliased(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Declared(id, args) if args.is_empty() => match &self.writer.model.types[*id].body {
                Body::Alias(ty) => self.unaliased(ty),
                _ => ty.clone(),
            },
            _ => ty.clone(),
        }
    }

    fn name_of(&mut self, id: TypeId, args: &[Ty], position: &Position<'_>) -> String {
        if let long @ Ty::Array(length, _) = &self.unaliased(&Ty::Declared(id, args.to_vec()))
            && *length > MAX_ARRAY
        {
            return self.ty(long, position);
        }
        let declared = &self.writer.model.types[id];
        let name = self.writer.names.types.get(&id).cloned().unwrap_or_else(|| camel(&declared.name));
        let name = match declared.package == self.package {
            true => name,
            false => format!("super::{}::{name}", self.writer.names.modules[declared.package]),
        };
        if args.is_empty() {
            return name;
        }
        let args: Vec<String> = args.iter().map(|arg| self.ty(arg, position)).collect();
        format!("{name}<{}>", args.join(", "))
    }

    fn basic(&mut self, basic: Basic) -> String {
        match (primitive(basic), basic) {
            (Some(name), _) => name.to_owned(),
            (None, Basic::String) => self.prelude("std::string", "String"),
            (None, complex) => {
                self.needs.insert("num-complex");
                let part = if complex == Basic::Complex64 { "f32" } else { "f64" };
                format!("{}<{part}>", self.import("num_complex", "Complex"))
            }
        }
    }
}

/// The type of the same values that Rust has built in; it has none for strings that are owned, nor for complex numbers.
pub(super) const fn primitive(basic: Basic) -> Option<&'static str> {
    Some(match basic {
        Basic::Bool => "bool",
        Basic::Int => "isize",
        Basic::Int8 => "i8",
        Basic::Int16 => "i16",
        Basic::Int32 => "i32",
        Basic::Int64 => "i64",
        Basic::Uint => "usize",
        Basic::Uint8 => "u8",
        Basic::Uint16 => "u16",
        Basic::Uint32 => "u32",
        Basic::Uint64 | Basic::Uintptr => "u64",
        Basic::Float32 => "f32",
        Basic::Float64 => "f64",
        Basic::String | Basic::Complex64 | Basic::Complex128 => return None,
    })
}

/// The type parameters that are in a type.
fn params_of(ty: &Ty) -> Vec<String> {
    let mut params = Vec::new();
    ty.walk(&mut |ty| {
        if let Ty::Param(name) = ty
            && !params.contains(name)
        {
            params.push(name.clone());
        }
    });
    params
}

/// `<K, V>`
pub(super) fn generics(params: &[String]) -> String {
    let names: Vec<String> = params.iter().map(|param| camel(param)).collect();
    if names.is_empty() { String::new() } else { format!("<{}>", names.join(", ")) }
}
