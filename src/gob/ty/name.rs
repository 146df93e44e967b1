//! How Go spells a type: the identifier that travels in a definition, the printed form, and identity.

use std::fmt::{self, Write};

use super::{Kind, Parts, Type};

impl Type {
    /// N(T) of rule G51: the declared identifier with its type arguments, empty for an unnamed type.
    pub(crate) fn identifier(&self) -> String {
        let mut out = String::new();
        let _ = Speller::new(Qualifier::Path).identifier(self, &mut out);
        out
    }

    /// The name under which `gob.Register` knows a value of this type (G112): the whole import path for a declared
    /// type, else the printed form.
    pub fn registered_name(&self) -> String {
        let mut out = String::new();
        let qualifier = if self.name.is_empty() { Qualifier::Name } else { Qualifier::Path };
        let _ = Speller::new(qualifier).spell(self, &mut out);
        out
    }

    /// Whether two descriptions are of one Go type: the same names and, in depth, the same shape.
    ///
    /// Neither the address nor the name alone can tell: one type may have two addresses, and two Rust types may share
    /// a Go name.
    pub(crate) fn same(&'static self, other: &'static Self) -> bool {
        let mut assumed = Vec::new();
        same(self, other, &mut assumed)
    }
}

/// `S(T)` of rule G51, as `reflect.Type.String`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Speller::new(Qualifier::Name).spell(self, f)
    }
}

#[derive(Clone, Copy)]
enum Qualifier {
    /// The last element of the import path, as in printed types.
    Name,
    /// The whole import path, as in type arguments.
    Path,
}

struct Speller {
    qualifier: Qualifier,
    /// The unnamed types around. Go has none that contains itself, but nothing keeps Rust from describing one.
    around: Vec<*const Type>,
}

impl Speller {
    const fn new(qualifier: Qualifier) -> Self {
        Self { qualifier, around: Vec::new() }
    }

    fn identifier(&mut self, ty: &Type, out: &mut impl Write) -> fmt::Result {
        out.write_str(ty.name)?;
        for (i, arg) in ty.args.iter().enumerate() {
            // G57: arguments carry import paths, and no space after the comma.
            out.write_char(if i == 0 { '[' } else { ',' })?;
            let outer = std::mem::replace(&mut self.qualifier, Qualifier::Path);
            self.spell(arg.get(), out)?;
            self.qualifier = outer;
        }
        if ty.args.is_empty() { Ok(()) } else { out.write_char(']') }
    }

    fn spell(&mut self, ty: &Type, out: &mut impl Write) -> fmt::Result {
        if !ty.name.is_empty() {
            if !ty.package.is_empty() {
                let package = match self.qualifier {
                    Qualifier::Path => ty.package,
                    Qualifier::Name => ty.package.rsplit('/').next().unwrap_or(ty.package),
                };
                write!(out, "{package}.")?;
            }
            return self.identifier(ty, out);
        }
        let address = std::ptr::from_ref(ty);
        if self.around.contains(&address) {
            return out.write_str("…");
        }
        self.around.push(address);
        self.literal(ty, out)?;
        self.around.pop();
        Ok(())
    }

    fn literal(&mut self, ty: &Type, out: &mut impl Write) -> fmt::Result {
        match ty.parts {
            Parts::Elem(elem) => {
                out.write_str(if ty.kind == Kind::Pointer { "*" } else { "[]" })?;
                self.spell(elem.get(), out)
            }
            Parts::Array(elem, len) => {
                write!(out, "[{len}]")?;
                self.spell(elem.get(), out)
            }
            Parts::Map(key, elem) => {
                out.write_str("map[")?;
                self.spell(key.get(), out)?;
                out.write_char(']')?;
                self.spell(elem.get(), out)
            }
            Parts::Struct([]) => out.write_str("struct {}"),
            Parts::Struct(fields) => {
                out.write_str("struct {")?;
                for (i, field) in fields.iter().enumerate() {
                    write!(out, "{} {} ", if i > 0 { ";" } else { "" }, field.name)?;
                    self.spell(field.ty(), out)?;
                }
                out.write_str(" }")
            }
            Parts::Interface(_) => out.write_str("interface {}"),
            Parts::Constants(_) => out.write_str(ty.kind.basic_name()),
            // A type with a method always has a name.
            Parts::Opaque(_) => out.write_str("?"),
            Parts::None => out.write_str(if ty.kind == Kind::Bytes { "[]uint8" } else { ty.kind.basic_name() }),
        }
    }
}

fn same(a: &'static Type, b: &'static Type, assumed: &mut Vec<(*const Type, *const Type)>) -> bool {
    let pair = (std::ptr::from_ref(a), std::ptr::from_ref(b));
    if pair.0 == pair.1 || assumed.contains(&pair) {
        return true;
    }
    if a.kind != b.kind || a.name != b.name || a.package != b.package || a.args.len() != b.args.len() {
        return false;
    }
    assumed.push(pair);
    let edges = |x: super::TypeRef, y: super::TypeRef, assumed: &mut Vec<_>| same(x.get(), y.get(), assumed);
    a.args.iter().zip(b.args).all(|(x, y)| edges(*x, *y, assumed))
        && match (a.parts, b.parts) {
            (Parts::None, Parts::None) => true,
            (Parts::Elem(x), Parts::Elem(y)) => edges(x, y, assumed),
            (Parts::Array(x, n), Parts::Array(y, m)) => n == m && edges(x, y, assumed),
            (Parts::Map(k, x), Parts::Map(l, y)) => edges(k, l, assumed) && edges(x, y, assumed),
            (Parts::Struct(x), Parts::Struct(y)) => {
                x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.name == y.name && edges(x.ty, y.ty, assumed))
            }
            // Interfaces and constants are no more than their kind on the wire.
            (Parts::Interface(_), Parts::Interface(_)) | (Parts::Constants(_), Parts::Constants(_)) => true,
            (Parts::Opaque(x), Parts::Opaque(y)) => x.marshaler == y.marshaler,
            _ => false,
        }
}
