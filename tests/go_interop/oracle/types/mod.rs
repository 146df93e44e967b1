//! Go types made up at random.

mod look;
mod make;
mod mend;
mod spell;

pub(crate) use self::make::{Choices, choices};

/// A Go type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    /// A predeclared type, by its index in [`PREDECLARED`](crate::predeclared::PREDECLARED).
    Basic(usize),
    /// A declared type of the case, by its number.
    Named(usize),
    Pointer(Box<Self>),
    Slice(Box<Self>),
    Array(usize, Box<Self>),
    Map(Box<Self>, Box<Self>),
    Struct(Vec<(String, Self)>),
    Any,
}

impl Ty {
    /// It, and all types that are written in it.
    fn parts(&self) -> Vec<&Self> {
        let mut todo = vec![self];
        let mut parts = Vec::new();
        while let Some(ty) = todo.pop() {
            parts.push(ty);
            match ty {
                Self::Struct(fields) => todo.extend(fields.iter().map(|(_, ty)| ty)),
                Self::Pointer(elem) | Self::Slice(elem) | Self::Array(_, elem) => todo.push(elem),
                Self::Map(key, elem) => todo.extend([&**key, &**elem]),
                Self::Basic(_) | Self::Named(_) | Self::Any => {}
            }
        }
        parts
    }

    /// The declared types that it refers to.
    fn names(&self) -> impl Iterator<Item = usize> {
        let number = |ty: &Self| if let Self::Named(number) = ty { Some(*number) } else { None };
        self.parts().into_iter().filter_map(number)
    }
}

pub(crate) const UINT8: usize = 7;
pub(crate) const STRING: usize = 16;

/// `type Name …`
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Declared {
    Type(Ty),
    /// A type with a method by which it encodes itself: `GobEncode` or `MarshalBinary`.
    Opaque {
        is_gob: bool,
        /// Whether it is a method of the pointer.
        by_pointer: bool,
        /// The type of an exported field, which is described and never sent (G154).
        leaks: Option<Ty>,
    },
}

/// The types of a case: what is encoded, what else it is decoded into, what is declared, what interfaces hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Types {
    pub(crate) top: Ty,
    pub(crate) other: Ty,
    pub(crate) declared: Vec<Declared>,
    pub(crate) concretes: Vec<Ty>,
}

impl Types {
    /// The type with its names looked through.
    pub(crate) fn resolve<'a>(&'a self, ty: &'a Ty) -> Result<&'a Ty, bool> {
        let mut ty = ty;
        while let Ty::Named(number) = ty {
            match &self.declared[*number] {
                Declared::Type(inner) => ty = inner,
                Declared::Opaque { is_gob, .. } => return Err(*is_gob),
            }
        }
        Ok(ty)
    }

    pub(crate) fn is_opaque(&self, ty: &Ty) -> bool {
        self.resolve(ty).is_err()
    }
}
