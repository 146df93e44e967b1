//! Go types as constant data: what [`Gob`](crate::gob::Gob) says about a Rust type.

mod kind;
mod name;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

pub use self::kind::Kind;

/// An edge from a type to another one.
#[derive(Clone, Copy)]
pub struct TypeRef(Edge);

#[derive(Clone, Copy)]
enum Edge {
    /// A function and not a reference, because only so can a constant describe a type that contains itself.
    Constant(fn() -> &'static Type),
    /// A type made at run time, which may contain itself too and so comes after the edge.
    Late(&'static OnceLock<Type>),
    /// A type at hand.
    Known(&'static Type),
}

impl TypeRef {
    /// The edge to a type that is known at compile time: `TypeRef::new(i64::ty)`.
    pub const fn new(ty: fn() -> &'static Type) -> Self {
        Self(Edge::Constant(ty))
    }

    /// The edge to a type at hand, such as one made at run time.
    pub const fn to(ty: &'static Type) -> Self {
        Self(Edge::Known(ty))
    }

    /// The edge to a type that will be there.
    pub(crate) const fn late(ty: &'static OnceLock<Type>) -> Self {
        Self(Edge::Late(ty))
    }

    /// The type it leads to.
    #[inline]
    pub fn get(self) -> &'static Type {
        match self.0 {
            Edge::Known(ty) => ty,
            Edge::Constant(ty) => ty(),
            Edge::Late(ty) => ty.get().unwrap_or(const { &Type::structure(&[]) }),
        }
    }
}

/// A complete Go type: its kind, its name if it is a declared one, and its parts.
///
/// Values of this type are made by `#[derive(Gob)]` and by the constructors below; [`fmt::Display`] prints them as Go
/// does (`map[string]main.Point`).
#[derive(Clone, Copy)]
pub struct Type {
    #[doc(hidden)]
    pub kind: Kind,
    /// The declared identifier, empty for an unnamed type.
    #[doc(hidden)]
    pub name: &'static str,
    /// The import path of the package that declares it, empty for predeclared and unnamed types.
    #[doc(hidden)]
    pub package: &'static str,
    /// The type arguments of a generic type.
    #[doc(hidden)]
    pub args: &'static [TypeRef],
    #[doc(hidden)]
    pub parts: Parts,
}

/// What a type is made of.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum Parts {
    None,
    /// The element of a slice or pointer, or of bytes whose items have a declared type.
    Elem(TypeRef),
    Array(TypeRef, usize),
    Map(TypeRef, TypeRef),
    Struct(&'static [Field]),
    /// The types that an interface may hold.
    Interface(&'static [Concrete]),
    /// The constants of an integer or string type.
    Constants(&'static [Constant]),
    Opaque(&'static OpaqueType),
}

/// A type that an interface may hold: a variant of the enum that stands for it.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Concrete {
    /// The name of the variant, as serde knows it.
    pub key: &'static str,
    /// The name under which Go registered the type; empty for the one `gob.Register` gives it (G112).
    pub name: &'static str,
    pub ty: TypeRef,
}

/// A constant of a declared integer or string type: a variant of a C-like enum.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Constant {
    /// The name of the variant, as serde knows it. For a string type it is also the value.
    pub key: &'static str,
    /// The value, for an integer type.
    pub value: i64,
}

/// How a type encodes itself.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct OpaqueType {
    pub marshaler: Marshaler,
    /// What Go's zero value encodes to.
    pub zero: &'static [u8],
    /// Whether a field that holds the zero value is left out. Go decides by the receiver of the method: one on the
    /// value is asked whether it is zero, one on the pointer is always called (G148).
    pub omit_zero: bool,
    /// The exported parts of the type, which Go describes although it never sends them (G154): the type as it would be
    /// without the method.
    pub inside: Option<TypeRef>,
}

/// The Go interface by which a type encodes itself. Each understands only itself (G139).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Marshaler {
    /// `gob.GobEncoder` and `gob.GobDecoder`
    Gob,
    /// `encoding.BinaryMarshaler` and `encoding.BinaryUnmarshaler`
    Binary,
}

/// A field of a Go struct.
#[derive(Clone, Copy)]
pub struct Field {
    /// The Go name, `SA`.
    #[doc(hidden)]
    pub name: &'static str,
    /// The key under which serde knows it.
    #[doc(hidden)]
    pub key: &'static str,
    /// The kind of its type, known without calling `ty`.
    #[doc(hidden)]
    pub kind: Kind,
    #[doc(hidden)]
    pub ty: TypeRef,
    /// Whether serde fills it in when it is absent (`#[serde(default)]`), instead of the Go zero.
    #[doc(hidden)]
    pub has_default: bool,
}

impl Type {
    /// A predeclared basic type.
    pub(crate) const fn basic(kind: Kind) -> Self {
        Self { kind, name: kind.basic_name(), package: "", args: &[], parts: Parts::None }
    }

    const fn unnamed(kind: Kind, parts: Parts) -> Self {
        Self { kind, name: "", package: "", args: &[], parts }
    }

    /// `[]T`
    pub const fn slice(elem: fn() -> &'static Self) -> Self {
        Self::slice_of(TypeRef::new(elem))
    }

    pub(crate) const fn slice_of(elem: TypeRef) -> Self {
        Self::unnamed(Kind::Slice, Parts::Elem(elem))
    }

    /// `[]byte`
    pub const fn bytes() -> Self {
        Self::unnamed(Kind::Bytes, Parts::None)
    }

    /// `[N]T`
    pub const fn array(elem: fn() -> &'static Self, len: usize) -> Self {
        Self::array_of(TypeRef::new(elem), len)
    }

    pub(crate) const fn array_of(elem: TypeRef, len: usize) -> Self {
        Self::unnamed(Kind::Array, Parts::Array(elem, len))
    }

    /// `map[K]V`
    pub const fn map(key: fn() -> &'static Self, elem: fn() -> &'static Self) -> Self {
        Self::map_of(TypeRef::new(key), TypeRef::new(elem))
    }

    pub(crate) const fn map_of(key: TypeRef, elem: TypeRef) -> Self {
        Self::unnamed(Kind::Map, Parts::Map(key, elem))
    }

    /// `interface {}`
    pub(crate) const fn any() -> Self {
        Self::unnamed(Kind::Interface, Parts::Interface(&[]))
    }

    /// Whether this is an interface that may hold any type.
    pub(crate) const fn is_any(&self) -> bool {
        matches!(self.parts, Parts::Interface([]))
    }

    /// `*T`
    pub const fn pointer(elem: fn() -> &'static Self) -> Self {
        Self::pointer_to(TypeRef::new(elem))
    }

    pub(crate) const fn pointer_to(elem: TypeRef) -> Self {
        Self::unnamed(Kind::Pointer, Parts::Elem(elem))
    }

    /// `struct{…}`, declared with [`Type::named`] or anonymous.
    pub const fn structure(fields: &'static [Field]) -> Self {
        Self::unnamed(Kind::Struct, Parts::Struct(fields))
    }

    /// The same type declared under a name: `type Celsius float64`.
    #[must_use]
    pub const fn named(self, package: &'static str, name: &'static str) -> Self {
        Self { name, package, ..self }
    }

    /// The kind of the type.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The fields of a struct; none for any other kind.
    pub const fn fields(&self) -> &'static [Field] {
        match self.parts {
            Parts::Struct(fields) => fields,
            _ => &[],
        }
    }

    /// The element of a slice, array, map or pointer.
    #[inline]
    pub fn elem(&self) -> Option<&'static Self> {
        match self.parts {
            Parts::Elem(elem) | Parts::Array(elem, _) | Parts::Map(_, elem) => Some(elem.get()),
            Parts::None | Parts::Struct(_) | Parts::Interface(_) | Parts::Constants(_) | Parts::Opaque(_) => None,
        }
    }

    /// The key of a map.
    pub fn key(&self) -> Option<&'static Self> {
        match self.parts {
            Parts::Map(key, _) => Some(key.get()),
            _ => None,
        }
    }

    /// Whether this is `map[T]struct{}`, Go's way to write a set.
    pub(crate) fn is_set(&self) -> bool {
        self.kind == Kind::Map && self.elem().is_some_and(|elem| elem.kind == Kind::Struct && elem.fields().is_empty())
    }

    /// The types that an interface may hold.
    pub(crate) const fn concretes(&self) -> &'static [Concrete] {
        match self.parts {
            Parts::Interface(concretes) => concretes,
            _ => &[],
        }
    }

    /// The constants of a declared type.
    pub(crate) const fn constants(&self) -> &'static [Constant] {
        match self.parts {
            Parts::Constants(constants) => constants,
            _ => &[],
        }
    }

    /// The constants of the items of a `[]byte` that is a slice of a declared type.
    pub(crate) fn item_constants(&self) -> &'static [Constant] {
        self.elem().map_or(&[], Self::constants)
    }

    /// How the type encodes itself, if it does.
    pub(crate) const fn opaque(&self) -> Option<&'static OpaqueType> {
        match self.parts {
            Parts::Opaque(opaque) => Some(opaque),
            _ => None,
        }
    }

    /// How many pointers lead to the base.
    pub(crate) fn pointers(&'static self) -> usize {
        let mut count = 0;
        let mut ty = self;
        while ty.kind == Kind::Pointer
            && let Some(elem) = ty.elem()
        {
            (ty, count) = (elem, count + 1);
        }
        count
    }

    /// The length of an array.
    pub const fn array_len(&self) -> Option<usize> {
        match self.parts {
            Parts::Array(_, len) => Some(len),
            _ => None,
        }
    }

    /// The type without its leading pointers (G28: pointers have no ids).
    pub(crate) fn base(&'static self) -> &'static Self {
        let mut ty = self;
        // Bounded, because `Option<T>` is the only pointer and each one is a Rust type of its own.
        while ty.kind == Kind::Pointer {
            match ty.elem() {
                Some(elem) => ty = elem,
                None => break,
            }
        }
        ty
    }
}

impl Concrete {
    /// Whether it stands for all types that are not listed: a dynamic value, which is an interface itself.
    pub(crate) fn is_open(&self) -> bool {
        self.ty.get().is_any()
    }

    /// The name on the wire.
    pub(crate) fn registered_name(&self) -> Cow<'static, str> {
        if self.name.is_empty() { self.ty.get().registered_name().into() } else { self.name.into() }
    }
}

impl Field {
    /// The Go name of the field.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The type of the field.
    pub fn ty(&self) -> &'static Type {
        self.ty.get()
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Type({self})")
    }
}

impl fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TypeRef({})", self.get())
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({} {})", self.name, self.ty())
    }
}
