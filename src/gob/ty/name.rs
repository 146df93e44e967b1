//! How Go spells a type: the identifier that travels in a definition, the printed form, and identity.

use std::fmt::{self, Write};

use super::{Kind, Parts, Type};

impl Type {
    /// N(T) of rule G51: the declared identifier with its type arguments, empty for an unnamed type.
    pub(crate) fn identifier(&self) -> String {
        let mut out = self.name.to_owned();
        if !self.args.is_empty() {
            // G57: arguments carry import paths, and no space after the comma.
            out.push('[');
            for (i, arg) in self.args.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                let _ = spell(arg.get(), Qualifier::Path, &mut out);
            }
            out.push(']');
        }
        out
    }

    /// The name under which `gob.Register` knows a value of this type (G112): the whole import path for a declared
    /// type, else the printed form.
    pub(crate) fn registered_name(&self) -> String {
        let mut out = String::new();
        let qualifier = if self.name.is_empty() { Qualifier::Name } else { Qualifier::Path };
        let _ = spell(self, qualifier, &mut out);
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
        spell(self, Qualifier::Name, f)
    }
}

#[derive(Clone, Copy)]
enum Qualifier {
    /// The last element of the import path, as in printed types.
    Name,
    /// The whole import path, as in type arguments.
    Path,
}

fn spell(ty: &Type, qualifier: Qualifier, out: &mut impl Write) -> fmt::Result {
    if !ty.name.is_empty() {
        if !ty.package.is_empty() {
            let package = match qualifier {
                Qualifier::Path => ty.package,
                Qualifier::Name => ty.package.rsplit('/').next().unwrap_or(ty.package),
            };
            write!(out, "{package}.")?;
        }
        return out.write_str(&ty.identifier());
    }
    match ty.parts {
        Parts::Elem(elem) => {
            out.write_str(if ty.kind == Kind::Pointer { "*" } else { "[]" })?;
            spell(elem.get(), qualifier, out)
        }
        Parts::Array(elem, len) => {
            write!(out, "[{len}]")?;
            spell(elem.get(), qualifier, out)
        }
        Parts::Map(key, elem) => {
            out.write_str("map[")?;
            spell(key.get(), qualifier, out)?;
            out.write_char(']')?;
            spell(elem.get(), qualifier, out)
        }
        Parts::Struct([]) => out.write_str("struct {}"),
        Parts::Struct(fields) => {
            out.write_str("struct {")?;
            for (i, field) in fields.iter().enumerate() {
                write!(out, "{} {} ", if i > 0 { ";" } else { "" }, field.name)?;
                spell(field.ty(), qualifier, out)?;
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
