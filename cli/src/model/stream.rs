//! From the types of a gob stream to the model.
//!
//! A stream tells less than a source: no packages and no pointers, one type for all integers with a sign, nothing of
//! types that are declared from basic ones. Where a type would be a part of itself, there must have been a pointer.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use gobrpc::gob::{self, Decoder, StreamField, StreamMarshaler, StreamShape, StreamType};

use super::cycles::Cycles;
use super::known::Known;
use super::{Basic, Body, Declared, Field, Item, Marshaler, Member, Model, Opaque, Package, Place, Ty, TypeId, tidy};

/// The types of a stream, and those of its values.
pub(crate) struct Types {
    pub(crate) model: Model,
    pub(crate) values: Vec<Ty>,
}

/// Reads a stream to its end, or to where it is damaged.
pub(crate) fn read(input: impl Read) -> (Types, Option<gob::Error>) {
    let mut decoder = Decoder::new(input);
    let mut roots: Vec<StreamType> = Vec::new();
    let error = loop {
        match decoder.decode_value() {
            Ok(Some(value)) => {
                let ty = value.stream_type();
                if !roots.contains(&ty) {
                    roots.push(ty);
                }
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let mut builder = Builder::default();
    let all = decoder.types();
    for ty in all.iter().chain(&roots) {
        builder.settle(ty, 0);
    }
    builder.keep_unused(&all, &roots);
    builder.declare(&all);
    let mut values: Vec<Ty> = Vec::new();
    for ty in &roots {
        let ty = builder.ty(ty, None);
        if !values.contains(&ty) {
            values.push(ty);
        }
    }
    let mut model = builder.model;
    tidy::prune(&mut model, &mut Vec::new(), tidy::For::Go);
    add_pointers(&mut model);
    (Types { model, values }, error)
}

#[derive(Default)]
struct Builder {
    model: Model,
    /// By id: the types that are written as declarations.
    declared: HashMap<i32, TypeId>,
    /// By id: how many types it takes to write one where it stands; `None` while that is being found out.
    sizes: HashMap<i32, Option<usize>>,
    /// The ids of those that need a declaration.
    needed: HashSet<i32>,
}

/// How large a type without a name may be before it gets one here: as parts of each other, small types could otherwise
/// be written as large ones.
const MAX_SIZE: usize = 40;

/// How deep a type without a name may be before it gets one here.
const MAX_DEPTH: usize = 32;

impl Builder {
    /// Finds out whether a type needs a declaration, and how many types it takes to write it where it is used.
    fn settle(&mut self, ty: &StreamType, depth: usize) -> usize {
        let id = ty.id();
        match self.sizes.get(&id) {
            Some(Some(size)) => return *size,
            Some(None) => {
                // It is a part of itself.
                self.needed.insert(id);
                return 1;
            }
            None => {}
        }
        let shape = ty.shape();
        let has_name = is_declared_name(&ty.name()) && !is_predeclared(&shape);
        if has_name || matches!(shape, StreamShape::Opaque(_)) || depth > MAX_DEPTH && !is_predeclared(&shape) {
            self.needed.insert(id);
            self.sizes.insert(id, Some(1));
            return 1;
        }
        self.sizes.insert(id, None);
        let mut size = 1_usize;
        for part in parts(&shape) {
            size = size.saturating_add(self.settle(&part, depth + 1));
        }
        if size > MAX_SIZE {
            self.needed.insert(id);
        }
        let size = if self.needed.contains(&id) { 1 } else { size };
        self.sizes.insert(id, Some(size));
        size
    }

    /// What is no part of anything that is written needs a declaration, to be written at all.
    fn keep_unused(&mut self, all: &[StreamType], roots: &[StreamType]) {
        let parts = all.iter().flat_map(|ty| parts(&ty.shape()));
        let used: HashSet<i32> = parts.chain(roots.iter().cloned()).map(|ty| ty.id()).collect();
        self.needed.extend(all.iter().map(StreamType::id).filter(|id| !used.contains(id)));
    }

    fn declare(&mut self, all: &[StreamType]) {
        let name = "main".to_owned();
        self.model.packages.push(Package { name: name.clone(), ..Package::default() });
        let needed: Vec<&StreamType> = all.iter().filter(|ty| self.needed.contains(&ty.id())).collect();
        for ty in &needed {
            if known(ty).is_some() {
                continue;
            }
            let go_name = Some(ty.name()).filter(|name| is_declared_name(name)).unwrap_or_default();
            self.declared.insert(ty.id(), self.model.types.len());
            self.model.packages[0].items.push(Item::Type(self.model.types.len()));
            self.model.types.push(Declared {
                package: 0,
                path: name.clone(),
                name: go_name,
                doc: String::new(),
                params: Vec::new(),
                body: Body::Unsendable(String::new()),
                constants: Vec::new(),
                is_root: false,
            });
        }
        for ty in needed {
            if let Some(id) = self.declared.get(&ty.id()).copied() {
                self.model.types[id].body = self.body(ty);
            }
        }
    }

    fn body(&mut self, ty: &StreamType) -> Body {
        let by_pointer = false;
        match ty.shape() {
            StreamShape::Struct(of) => Body::Struct(self.members(&of)),
            StreamShape::Opaque(StreamMarshaler::Gob) => Body::Opaque(Opaque { marshaler: Marshaler::Gob, by_pointer }),
            StreamShape::Opaque(StreamMarshaler::Binary) => {
                Body::Opaque(Opaque { marshaler: Marshaler::Binary, by_pointer })
            }
            StreamShape::Opaque(StreamMarshaler::Text) => {
                Body::Unsendable("it is sent as text, as Go once did".to_owned())
            }
            StreamShape::Unknown => Body::Unsendable("the stream does not say what it is".to_owned()),
            shape => Body::Of(self.written(&shape, &ty.name())),
        }
    }

    fn members(&mut self, of: &[StreamField]) -> Vec<Member> {
        let mut names = HashSet::new();
        let members = of.iter().map(|field| {
            let name = field.name();
            if !is_field_name(name) {
                return Member::Note(format!("field {name:?}: no name of Go"));
            }
            if !names.insert(name.to_owned()) {
                return Member::Note(format!("field {name}: it is there twice"));
            }
            let (ty, place) = (self.ty(field.ty(), None), Place::default());
            Member::Field(Field { name: name.to_owned(), json: None, ty, doc: String::new(), place })
        });
        members.collect()
    }

    /// The type where it is used. What it is a part of may tell by its name what the stream does not: of which integers
    /// it is made.
    fn ty(&mut self, ty: &StreamType, spelled: Option<&str>) -> Ty {
        if let Some(known) = known(ty) {
            return Ty::Known(known);
        }
        if let Some(id) = self.declared.get(&ty.id()) {
            return Ty::Declared(*id, Vec::new());
        }
        let shape = ty.shape();
        let basic = spelled.and_then(Basic::find).filter(|basic| is_of(*basic, &shape));
        basic.map_or_else(|| self.written(&shape, &ty.name()), Ty::Basic)
    }

    fn written(&mut self, shape: &StreamShape, name: &str) -> Ty {
        match shape {
            StreamShape::Bool => Ty::Basic(Basic::Bool),
            StreamShape::Int => Ty::Basic(Basic::Int),
            StreamShape::Uint => Ty::Basic(Basic::Uint),
            StreamShape::Float => Ty::Basic(Basic::Float64),
            StreamShape::Complex => Ty::Basic(Basic::Complex128),
            StreamShape::String => Ty::Basic(Basic::String),
            StreamShape::Bytes => Ty::Slice(Box::new(Ty::Basic(Basic::Uint8))),
            StreamShape::Slice(elem) => Ty::Slice(Box::new(self.ty(elem, name.strip_prefix("[]")))),
            StreamShape::Array(elem, length) => {
                let spelled = name.split_once(']').map(|(_, elem)| elem);
                Ty::Array(*length, Box::new(self.ty(elem, spelled)))
            }
            StreamShape::Map(key, elem) => {
                let spelled = name.strip_prefix("map[").and_then(|name| name.split_once(']'));
                let (key, elem) =
                    (self.ty(key, spelled.map(|(key, _)| key)), self.ty(elem, spelled.map(|(_, elem)| elem)));
                Ty::Map(Box::new(key), Box::new(elem))
            }
            StreamShape::Struct(of) => Ty::Struct(self.members(of)),
            _ => Ty::Any,
        }
    }
}

/// A type that encodes itself under a name that is known.
fn known(ty: &StreamType) -> Option<Known> {
    let marshaler = match ty.shape() {
        StreamShape::Opaque(StreamMarshaler::Gob) => Marshaler::Gob,
        StreamShape::Opaque(StreamMarshaler::Binary) => Marshaler::Binary,
        _ => return None,
    };
    Known::by_name(&ty.name(), marshaler)
}

const fn is_predeclared(shape: &StreamShape) -> bool {
    matches!(
        shape,
        StreamShape::Bool
            | StreamShape::Int
            | StreamShape::Uint
            | StreamShape::Float
            | StreamShape::Complex
            | StreamShape::String
            | StreamShape::Bytes
            | StreamShape::Interface
    )
}

fn parts(shape: &StreamShape) -> Vec<StreamType> {
    match shape {
        StreamShape::Slice(elem) | StreamShape::Array(elem, _) => vec![elem.clone()],
        StreamShape::Map(key, elem) => vec![key.clone(), elem.clone()],
        StreamShape::Struct(fields) => fields.iter().map(|field| field.ty().clone()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a type of the wire is this one by another name.
fn is_of(basic: Basic, shape: &StreamShape) -> bool {
    match basic {
        Basic::Int | Basic::Int8 | Basic::Int16 | Basic::Int32 | Basic::Int64 => *shape == StreamShape::Int,
        Basic::Uint | Basic::Uint8 | Basic::Uint16 | Basic::Uint32 | Basic::Uint64 | Basic::Uintptr => {
            *shape == StreamShape::Uint
        }
        Basic::Float32 | Basic::Float64 => *shape == StreamShape::Float,
        Basic::Complex64 | Basic::Complex128 => *shape == StreamShape::Complex,
        Basic::Bool | Basic::String => false,
    }
}

/// Whether a name is one that Go declares: `Point`, `Pair[string,int]`.
fn is_declared_name(name: &str) -> bool {
    let (name, args) = name.split_once('[').map_or((name, None), |(name, args)| (name, Some(args)));
    is_identifier(name) && name != "map" && args.is_none_or(|args| args.ends_with(']'))
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_') && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_field_name(name: &str) -> bool {
    is_identifier(name) && name.starts_with(char::is_uppercase)
}

/// Puts the pointers back without which a type would be a part of itself.
fn add_pointers(model: &mut Model) {
    let cycles = Cycles::of(model);
    for (id, declared) in model.types.iter_mut().enumerate() {
        match &mut declared.body {
            Body::Struct(members) => add_to_members(members, id, &cycles),
            Body::Of(ty) => add_pointer(ty, id, &cycles),
            _ => {}
        }
    }
}

fn add_to_members(members: &mut [Member], owner: TypeId, cycles: &Cycles) {
    for member in members {
        if let Member::Field(field) = member {
            add_pointer(&mut field.ty, owner, cycles);
        }
    }
}

fn add_pointer(ty: &mut Ty, owner: TypeId, cycles: &Cycles) {
    match ty {
        Ty::Array(_, elem) => add_pointer(elem, owner, cycles),
        Ty::Struct(members) => add_to_members(members, owner, cycles),
        Ty::Declared(..) if cycles.closes(ty, owner) => {
            let inner = std::mem::replace(ty, Ty::Any);
            *ty = Ty::Pointer(Box::new(inner));
        }
        _ => {}
    }
}

impl Types {
    /// Leaves out what Rust has no types for.
    pub(crate) fn fit_rust(&mut self) {
        tidy::prune(&mut self.model, &mut Vec::new(), tidy::For::Rust);
    }

    /// Gives names to the types of values that have none, so that whoever decodes them can name them.
    pub(crate) fn name_values(&mut self) {
        for ty in &self.values {
            // A struct without a name gets one here, any other type another.
            let (name, body) = match ty {
                Ty::Declared(..) => continue,
                Ty::Struct(members) if !members.is_empty() => (String::new(), Body::Struct(members.clone())),
                ty => ("Root".to_owned(), Body::Alias(ty.clone())),
            };
            let (path, doc) = ("main".to_owned(), "What a value of the stream is.".to_owned());
            let (params, constants) = (Vec::new(), Vec::new());
            self.model.packages[0].items.push(Item::Type(self.model.types.len()));
            self.model.types.push(Declared { package: 0, path, name, doc, params, body, constants, is_root: true });
        }
    }
}
