//! What is peculiar about the types of a case, for which something may be excused.

use super::{Declared, Ty, Types};

impl Types {
    /// Whether a struct leads to one type in two ways without another struct between, other than to a basic one.
    pub(crate) fn has_twins(&self) -> bool {
        self.written().any(|ty| self.twins(ty))
    }

    /// The names of the fields of all structs.
    pub(crate) fn field_names(&self) -> Vec<&str> {
        let fields = self.all().filter_map(|ty| if let Ty::Struct(fields) = ty { Some(fields) } else { None });
        fields.flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// Whether the keys of a map are structs.
    pub(crate) fn has_struct_keys(&self) -> bool {
        self.all().any(|ty| matches!(ty, Ty::Map(key, _) if self.is_struct(key)))
    }

    /// Whether a declared type holds itself, by whatever way.
    pub(crate) fn has_loops(&self) -> bool {
        (0..self.declared.len()).any(|index| {
            let mut seen = vec![false; self.declared.len()];
            let mut todo = vec![index];
            while let Some(next) = todo.pop() {
                let Declared::Type(ty) = &self.declared[next] else { continue };
                for part in ty.names() {
                    if part == index {
                        return true;
                    }
                    if !std::mem::replace(&mut seen[part], true) {
                        todo.push(part);
                    }
                }
            }
            false
        })
    }

    fn is_struct(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Struct(_) => true,
            Ty::Pointer(elem) => self.is_struct(elem),
            Ty::Named(index) => matches!(&self.declared[*index], Declared::Type(ty) if self.is_struct(ty)),
            _ => false,
        }
    }

    /// The types as they are written. What is in one that encodes itself does not count.
    fn written(&self) -> impl Iterator<Item = &Ty> {
        let declared = self.declared.iter().filter_map(|declared| match declared {
            Declared::Type(ty) => Some(ty),
            Declared::Opaque { .. } => None,
        });
        declared.chain([&self.top, &self.other]).chain(&self.concretes)
    }

    /// All types, those that others are made of too.
    fn all(&self) -> impl Iterator<Item = &Ty> {
        self.written().flat_map(Ty::parts)
    }

    fn twins(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Struct(fields) => {
                let mut met = Vec::new();
                let meets_twice = fields.iter().any(|(_, ty)| self.meets_twice(ty, &mut met));
                meets_twice || fields.iter().any(|(_, ty)| self.twins(ty))
            }
            Ty::Pointer(elem) | Ty::Slice(elem) | Ty::Array(_, elem) => self.twins(elem),
            Ty::Map(key, elem) => self.twins(key) || self.twins(elem),
            Ty::Basic(_) | Ty::Named(_) | Ty::Any => false,
        }
    }

    fn meets_twice<'a>(&'a self, ty: &'a Ty, met: &mut Vec<&'a Ty>) -> bool {
        let Ok(resolved) = self.resolve(ty) else { return false };
        if matches!(resolved, Ty::Basic(_) | Ty::Any) {
            return false;
        }
        if met.contains(&ty) {
            return true;
        }
        met.push(ty);
        match resolved {
            Ty::Pointer(elem) | Ty::Slice(elem) | Ty::Array(_, elem) => self.meets_twice(elem, met),
            Ty::Map(key, elem) => self.meets_twice(key, met) || self.meets_twice(elem, met),
            _ => false,
        }
    }
}
