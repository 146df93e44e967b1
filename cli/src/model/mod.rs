//! Go types, constants and services, as they are written out in another language: what a Go source and a gob stream
//! have in common.

pub(crate) mod cycles;
pub(crate) mod known;
pub(crate) mod source;
pub(crate) mod stream;
mod tidy;

use gobrpc::gob::constant::Exact;

use self::known::Known;

/// All that is written out together.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) packages: Vec<Package>,
    pub(crate) types: Vec<Declared>,
}

/// A Go package.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// In the order in which they are written.
    pub(crate) items: Vec<Item>,
}

#[derive(Debug)]
pub(crate) enum Item {
    Type(TypeId),
    Constant(Constant),
    Service(Service),
    Note(String),
}

/// The number of a declared type in the model.
pub(crate) type TypeId = usize;

/// A declared type.
#[derive(Debug)]
pub(crate) struct Declared {
    /// The number of the package in whose place it is written.
    pub(crate) package: usize,
    /// The import path of the package that declares it.
    pub(crate) path: String,
    /// The Go name; empty if it has none, but needs one elsewhere.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) params: Vec<String>,
    pub(crate) body: Body,
    /// Its constants, which are written as a part of it.
    pub(crate) constants: Vec<Constant>,
    /// Whether it is there to give a name to what the values of a stream are.
    pub(crate) is_root: bool,
}

/// What a declared type is.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Struct(Vec<Member>),
    /// A type made of another: `type Celsius float64`.
    Of(Ty),
    /// Another name of a type.
    Alias(Ty),
    /// A type that encodes itself.
    Opaque(Opaque),
    /// What cannot be sent, and why.
    Unsendable(String),
}

/// How a type encodes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opaque {
    pub(crate) marshaler: Marshaler,
    /// Whether the method is one of the pointer.
    pub(crate) by_pointer: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marshaler {
    Gob,
    Binary,
}

/// What stands in a struct.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Member {
    Field(Field),
    /// What is said in the place of a field that cannot be translated.
    Note(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// What Go's `encoding/json` calls it, if that is something else.
    pub(crate) json: Option<String>,
    pub(crate) ty: Ty,
    pub(crate) doc: String,
    /// Where it stands, for what is said about it.
    pub(crate) place: Place,
}

/// A place in the sources: the number of the file, and the line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) line: usize,
}

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    Basic(Basic),
    Slice(Box<Self>),
    Array(usize, Box<Self>),
    Map(Box<Self>, Box<Self>),
    Pointer(Box<Self>),
    Struct(Vec<Member>),
    /// An interface.
    Any,
    Known(Known),
    Declared(TypeId, Vec<Self>),
    /// A type parameter.
    Param(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basic {
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
}

/// A constant, and its type if it has one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) ty: Option<Ty>,
    pub(crate) value: Exact,
    pub(crate) doc: String,
}

/// The methods of a type that net/rpc would serve.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    /// The name of the type.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) members: Vec<ServiceMember>,
}

#[derive(Debug, Clone)]
pub(crate) enum ServiceMember {
    Method(Method),
    Note(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The name of its argument; empty if it has none.
    pub(crate) arg: String,
    pub(crate) args: Ty,
    pub(crate) reply: Ty,
    pub(crate) place: Place,
}

/// What could not be translated, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Basic {
    pub(crate) const ALL: [(&'static str, Self); 19] = [
        ("bool", Self::Bool),
        ("int", Self::Int),
        ("int8", Self::Int8),
        ("int16", Self::Int16),
        ("int32", Self::Int32),
        ("int64", Self::Int64),
        ("uint", Self::Uint),
        ("uint8", Self::Uint8),
        ("uint16", Self::Uint16),
        ("uint32", Self::Uint32),
        ("uint64", Self::Uint64),
        ("uintptr", Self::Uintptr),
        ("float32", Self::Float32),
        ("float64", Self::Float64),
        ("complex64", Self::Complex64),
        ("complex128", Self::Complex128),
        ("string", Self::String),
        ("byte", Self::Uint8),
        ("rune", Self::Int32),
    ];

    /// The predeclared type of this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, basic)| basic)
    }

    pub(crate) fn go_name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, basic)| *basic == self).map_or("", |(name, _)| name)
    }

    pub(crate) const fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64 | Self::Complex64 | Self::Complex128)
    }
}

impl Ty {
    /// The type without the pointers before it.
    pub(crate) fn base(self) -> Self {
        match self {
            Self::Pointer(elem) => elem.base(),
            ty => ty,
        }
    }

    /// Calls `visit` for this type and all that it is written with.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::Slice(elem) | Self::Array(_, elem) | Self::Pointer(elem) => elem.walk(visit),
            Self::Map(key, elem) => {
                key.walk(visit);
                elem.walk(visit);
            }
            Self::Struct(members) => fields(members).for_each(|field| field.ty.walk(visit)),
            Self::Declared(_, args) => args.iter().for_each(|arg| arg.walk(visit)),
            Self::Basic(_) | Self::Any | Self::Known(_) | Self::Param(_) => {}
        }
    }

    /// Whether it is `struct{}`.
    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Struct(members) if members.is_empty())
    }
}

/// The fields of a struct.
pub(crate) fn fields(members: &[Member]) -> impl Iterator<Item = &Field> {
    members.iter().filter_map(|member| match member {
        Member::Field(field) => Some(field),
        Member::Note(_) => None,
    })
}

impl Declared {
    /// What it is called, in Go or else here.
    pub(crate) fn name_or_other(&self) -> &str {
        match self.name.as_str() {
            "" if self.is_root => "Root",
            "" => "Unnamed",
            name => name,
        }
    }
}

impl Body {
    /// Calls `visit` for all types that it is written with.
    pub(crate) fn walk(&self, visit: &mut impl FnMut(&Ty)) {
        match self {
            Self::Struct(members) => fields(members).for_each(|field| field.ty.walk(visit)),
            Self::Of(ty) | Self::Alias(ty) => ty.walk(visit),
            Self::Opaque(_) | Self::Unsendable(_) => {}
        }
    }
}
