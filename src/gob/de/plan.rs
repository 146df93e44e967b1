//! `Plan`: how values of one received type become values of one local type. It is made once, and with it the check
//! that the two fit (G186–G206).

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;

use crate::gob::error::{Kind as ErrorKind, Result};
use crate::gob::stream::ids::builtin_id;
use crate::gob::stream::table::TypeTable;
use crate::gob::stream::walk::take_singleton;
use crate::gob::stream::wiretype::{Shape, TypeId, WireField, WireType, builtin};
use crate::gob::ty::{Field, Kind, Marshaler, Type};
use crate::gob::wire::Cursor;

/// A decoding plan: a graph, since types may contain themselves.
#[derive(Debug)]
pub(crate) struct Plan {
    root: Node,
    /// What slices, arrays and maps hold.
    nodes: Vec<Node>,
    structs: Vec<StructPlan>,
    /// Whether a zero comes before the value, since it is no struct (G17). A dynamic value looks for itself.
    pub(super) is_singleton: bool,
}

/// The place of a node among those of its plan.
pub(crate) type NodeId = usize;

/// What to read, and as what. It is asked for every value, so its tag is a byte of its own and not hidden in what it
/// holds.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(crate) enum Node {
    Bool,
    /// The type, its smallest and its largest value.
    Int(&'static Type, i64, i64),
    Uint(&'static Type, u64),
    Float(Kind),
    Complex(Kind),
    String(&'static Type),
    Bytes(&'static Type),
    Interface(&'static Type),
    Opaque,
    Slice(NodeId),
    Array(NodeId, usize),
    Map(NodeId, NodeId),
    /// The place of its plan among those of structs.
    Struct(usize),
    /// Whatever comes, at top level.
    Any(TypeId),
    /// Holds the place of a node while its parts are made.
    Open,
}

#[derive(Debug)]
pub(crate) struct StructPlan {
    /// By the number the field has on the wire.
    pub(crate) wire: Vec<WirePlan>,
    pub(crate) local: &'static [Field],
    /// Whether there are fields and they come in the local order, so that they can be handed over by position.
    pub(crate) positional: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct WirePlan {
    pub(crate) id: TypeId,
    /// The index of the local field it goes to, or [`NOBODY`](Self::NOBODY) if it is read over.
    pub(crate) local: usize,
    pub(crate) node: Node,
}

impl WirePlan {
    /// Beyond all fields.
    pub(crate) const NOBODY: usize = usize::MAX;

    #[inline]
    pub(crate) const fn is_wanted(&self) -> bool {
        self.local != Self::NOBODY
    }
}

impl Plan {
    /// The plan of what is read without one.
    pub(crate) const NONE: &'static Self =
        &Self { root: Node::Open, nodes: Vec::new(), structs: Vec::new(), is_singleton: false };

    /// Checks that values of type `id` can be read as `local`, and how.
    pub(crate) fn compile(id: TypeId, local: &'static Type, types: &TypeTable, max_depth: usize) -> Result<Self> {
        let base = local.base();
        let (nodes, structs) = (Vec::new(), Vec::new());
        if base.is_any() {
            return Ok(Self { root: Node::Any(id), nodes, structs, is_singleton: false });
        }
        let mut compiler = Compiler { types, nodes, structs, known: BTreeMap::new(), depth: 0, max_depth };
        if base.kind == Kind::Interface && id != builtin::INTERFACE {
            return Err(ErrorKind::WantInterface { local: local.to_string(), remote: types.name(id) }.into());
        } else if base.kind != Kind::Struct && !compiler.compatible(base, id)? {
            return Err(ErrorKind::WrongType { local: local.to_string(), remote: types.name(id) }.into());
        }
        let root = compiler.node(id, base)?;
        let Compiler { nodes, structs, .. } = compiler;
        let plan = Self { root, nodes, structs, is_singleton: base.kind != Kind::Struct };
        if let Node::Struct(root) = root
            && let plan = plan.structure(root)
            && !plan.wire.is_empty()
            && !plan.local.is_empty()
            && !plan.wire.iter().any(WirePlan::is_wanted)
        {
            // G198, only here: nested structs with nothing in common are skipped.
            return Err(ErrorKind::NoFieldsMatched(base.identifier()).into());
        }
        Ok(plan)
    }

    /// Whether values are a `[]byte` and nothing else.
    pub(super) fn is_octets(&self) -> bool {
        matches!(self.root(), Node::Bytes(ty) if ty.elem().is_none())
    }

    /// The bytes of a value that is a `[]byte`, if nothing is wrong with it.
    pub(super) fn octets<'i>(&self, payload: &'i [u8]) -> Option<&'i [u8]> {
        let mut cursor = Cursor::new(payload, 0);
        take_singleton(&mut cursor).ok().filter(|()| self.is_octets())?;
        cursor.take_bytes(|_| ErrorKind::BytesTooLong).ok()
    }

    #[inline]
    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    /// The plan of a struct.
    #[inline]
    pub(crate) fn structure(&self, id: usize) -> &StructPlan {
        &self.structs[id]
    }
}

fn want_struct(local: &'static Type) -> crate::gob::Error {
    ErrorKind::WantStruct(local.to_string()).into()
}

/// The local field a received one goes to: the name must match, and Go ignores names that are not exported (G206).
fn find(local: &Type, remote: &WireField) -> Option<usize> {
    let exported = remote.name.chars().next().is_some_and(char::is_uppercase);
    if exported { local.fields().iter().position(|field| field.name == remote.name) } else { None }
}

/// The node of a type without parts that are compiled.
fn leaf(base: &'static Type) -> Option<Node> {
    Some(match base.kind {
        Kind::Bool => Node::Bool,
        Kind::Float32 | Kind::Float64 => Node::Float(base.kind),
        // Its parts are checked as floats of half its width.
        Kind::Complex64 => Node::Complex(Kind::Float32),
        Kind::Complex128 => Node::Complex(Kind::Float64),
        Kind::String => Node::String(base),
        Kind::Interface => Node::Interface(base),
        Kind::Opaque => Node::Opaque,
        Kind::Bytes => Node::Bytes(base),
        kind => match (kind.int_range(), kind.uint_max()) {
            (Some((min, max)), _) => Node::Int(base, min, max),
            (None, Some(max)) => Node::Uint(base, max),
            (None, None) => return None,
        },
    })
}

struct Compiler<'t> {
    types: &'t TypeTable,
    nodes: Vec<Node>,
    structs: Vec<StructPlan>,
    known: BTreeMap<(TypeId, *const Type), Node>,
    /// A local type that contains itself can be matched with an endless chain of received ones.
    depth: usize,
    max_depth: usize,
}

impl Compiler<'_> {
    /// Whether a received type can be read as a local one, in depth down to structs, whose fields are checked apart
    /// (G186).
    fn compatible(&self, local: &'static Type, id: TypeId) -> Result<bool> {
        if let Some(builtin) = builtin_id(local.base().kind) {
            return Ok(builtin == id);
        }
        let mut todo = vec![(local.base(), id)];
        let mut assumed = BTreeSet::new();
        while let Some((local, id)) = todo.pop() {
            if self.types.get(id).is_some_and(|remote| remote.is_ambiguous) {
                return Ok(false);
            }
            if local.kind == Kind::Struct {
                // Whatever comes: the plan of the struct says what is wrong with it.
                continue;
            }
            if let Some(builtin) = builtin_id(local.kind) {
                if builtin != id {
                    return Ok(false);
                }
                continue;
            }
            if !assumed.insert((id, ptr::from_ref(local))) {
                continue;
            }
            if assumed.len() > self.max_depth {
                return Err(ErrorKind::TooDeep(self.max_depth).into());
            }
            let Some(remote) = self.types.get(id) else { return Ok(false) };
            match (local.kind, &remote.shape) {
                (Kind::Slice, Shape::Slice { elem }) => todo.extend(local.elem().map(|local| (local.base(), *elem))),
                (Kind::Array, Shape::Array { elem, len }) => {
                    if local.array_len().and_then(|len| i64::try_from(len).ok()) != Some(*len) {
                        return Ok(false);
                    }
                    todo.extend(local.elem().map(|local| (local.base(), *elem)));
                }
                (Kind::Map, Shape::Map { key, elem }) => {
                    todo.extend(local.key().map(|local| (local.base(), *key)));
                    todo.extend(local.elem().map(|local| (local.base(), *elem)));
                }
                (Kind::Opaque, Shape::External { member }) => {
                    // G139: each mechanism understands only itself.
                    let wanted = match local.opaque().map(|opaque| opaque.marshaler) {
                        Some(Marshaler::Gob) => 5,
                        Some(Marshaler::Binary) => 6,
                        None => return Ok(false),
                    };
                    if *member != wanted {
                        return Ok(false);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// The node for a pair of types that are known to be compatible.
    fn node(&mut self, id: TypeId, local: &'static Type) -> Result<Node> {
        let base = local.base();
        if let Some(leaf) = leaf(base) {
            return Ok(leaf);
        }
        let pair = (id, ptr::from_ref(base));
        if let Some(&node) = self.known.get(&pair) {
            return Ok(node);
        }
        if self.depth == self.max_depth {
            return Err(ErrorKind::TooDeep(self.max_depth).into());
        }
        self.depth += 1;
        let node = match base.kind {
            Kind::Struct => self.structure_of(id, base)?,
            _ => self.composite(id, base)?,
        };
        self.depth -= 1;
        Ok(node)
    }

    fn structure_of(&mut self, id: TypeId, base: &'static Type) -> Result<Node> {
        let remote = match self.types.get(id) {
            Some(remote) => remote,
            None if (builtin::BOOL..=builtin::INTERFACE).contains(&id) => return Err(want_struct(base)),
            None => return Err(ErrorKind::UnknownTypeId.into()),
        };
        let Shape::Struct { fields } = &remote.shape else { return Err(want_struct(base)) };
        // The place is taken before the fields, which may lead back here.
        let place = self.structs.len();
        self.structs.push(StructPlan { wire: Vec::new(), local: base.fields(), positional: false });
        let node = self.known(id, base, Node::Struct(place));
        self.structs[place] = self.structure(&remote, fields, base)?;
        Ok(node)
    }

    fn composite(&mut self, id: TypeId, base: &'static Type) -> Result<Node> {
        let remote = self.types.get(id).ok_or(ErrorKind::UnknownTypeId)?;
        let local = base.elem().ok_or(ErrorKind::UnusableType)?;
        // So it is with elements and keys.
        let place = self.nodes.len();
        match &remote.shape {
            Shape::Slice { elem } => {
                self.nodes.push(Node::Open);
                let node = self.known(id, base, Node::Slice(place));
                self.nodes[place] = self.node(*elem, local)?;
                Ok(node)
            }
            Shape::Array { elem, .. } => {
                self.nodes.push(Node::Open);
                let node = self.known(id, base, Node::Array(place, base.array_len().unwrap_or(0)));
                self.nodes[place] = self.node(*elem, local)?;
                Ok(node)
            }
            Shape::Map { key, elem } => {
                let local_key = base.key().ok_or(ErrorKind::UnusableType)?;
                self.nodes.extend([Node::Open, Node::Open]);
                let node = self.known(id, base, Node::Map(place, place + 1));
                self.nodes[place] = self.node(*key, local_key)?;
                self.nodes[place + 1] = self.node(*elem, local)?;
                Ok(node)
            }
            _ => Err(ErrorKind::UnusableType.into()),
        }
    }

    /// Remembers the node of a pair of types, to which its parts may lead back.
    fn known(&mut self, id: TypeId, base: &'static Type, node: Node) -> Node {
        self.known.insert((id, ptr::from_ref(base)), node);
        node
    }

    fn structure(&mut self, remote: &WireType, fields: &[WireField], local: &'static Type) -> Result<StructPlan> {
        let mut wire: Vec<WirePlan> = Vec::with_capacity(fields.len());
        // Which received field each local one is filled from.
        let mut source = vec![None; local.fields().len()];
        for (number, field) in fields.iter().enumerate() {
            if field.name.is_empty() {
                return Err(ErrorKind::EmptyFieldName(remote.name.clone()).into());
            }
            let mut plan = WirePlan { id: field.id, local: WirePlan::NOBODY, node: Node::Open };
            if let Some(index) = find(local, field) {
                let known = &local.fields()[index];
                self.check_field(remote, field, known)?;
                let node = self.node(field.id, known.ty()).map_err(|error| error.in_field(known.name))?;
                plan = WirePlan { local: index, node, ..plan };
                // G202: of two received fields with one name the later wins.
                if let Some(earlier) = source[index].replace(number) {
                    wire[earlier].local = WirePlan::NOBODY;
                }
            } else {
                self.check_defined(field.id)?;
            }
            wire.push(plan);
        }
        let ordered = wire.iter().filter(|plan| plan.is_wanted()).is_sorted_by_key(|plan| plan.local);
        let has_default = local.fields().iter().any(|field| field.has_default);
        let positional = ordered && !has_default && !local.fields().is_empty();
        Ok(StructPlan { wire, local: local.fields(), positional })
    }

    fn check_field(&self, remote: &WireType, field: &WireField, local: &Field) -> Result<()> {
        let base = local.ty().base();
        if self.compatible(base, field.id).map_err(|error| error.in_field(local.name))? {
            return Ok(());
        }
        let (remote, field) = (remote.name.clone(), field.name.clone());
        let error = ErrorKind::WrongFieldType { local: local.ty().to_string(), remote, field };
        Err(crate::gob::Error::new(error).in_field(local.name))
    }

    /// Even what nobody wants must be defined (G195).
    fn check_defined(&self, id: TypeId) -> Result<()> {
        if !(builtin::BOOL..=builtin::INTERFACE).contains(&id) && self.types.get(id).is_none() {
            return Err(ErrorKind::UndefinedType.into());
        }
        Ok(())
    }
}
