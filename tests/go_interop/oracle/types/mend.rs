//! What is taken out of types because Go itself gets it wrong.

use super::{Declared, Ty, Types};

impl Types {
    /// Takes out what Go itself gets wrong, and concrete types that are there twice.
    pub(super) fn mend(&mut self) {
        let before = self.clone();
        for (number, declared) in self.declared.iter_mut().enumerate() {
            match declared {
                Declared::Type(ty) => before.mend_type(ty, false, Some(number)),
                Declared::Opaque { leaks, .. } => {
                    leaks.iter_mut().for_each(|ty| before.mend_type(ty, true, Some(number)));
                }
            }
        }
        for ty in [&mut self.top, &mut self.other].into_iter().chain(&mut self.concretes) {
            before.mend_type(ty, false, None);
        }
        // A pointer to a nil pointer is written without a value (G82).
        while let Ok(Ty::Pointer(elem)) = before.resolve(&self.top) {
            self.top = (**elem).clone();
        }
        let mut distinct: Vec<Ty> = Vec::new();
        for ty in std::mem::take(&mut self.concretes) {
            // Those of interfaces and pointers are no types of what is in an interface.
            let is_concrete = !matches!(before.resolve(&ty), Ok(Ty::Any | Ty::Pointer(_)));
            if is_concrete && !distinct.contains(&ty) && !matches!(ty, Ty::Basic(_)) {
                distinct.push(ty);
            }
        }
        self.concretes = distinct;
    }

    /// `within` is the declared type that this is a part of.
    fn mend_type(&self, ty: &mut Ty, in_field: bool, within: Option<usize>) {
        match ty {
            Ty::Pointer(elem) => {
                let mut pointee = &**elem;
                while let Ty::Pointer(next) = pointee {
                    pointee = next;
                }
                if self.is_opaque(pointee) {
                    // As an element it is handed nil (G149), and further pointers make Go panic (G144).
                    let pointee = pointee.clone();
                    *ty = if in_field { Ty::Pointer(Box::new(pointee)) } else { pointee };
                    return;
                }
                self.mend_type(elem, in_field, within);
            }
            Ty::Slice(elem) => self.mend_type(elem, false, within),
            Ty::Array(_, elem) => {
                self.mend_recursion(elem, within);
                self.mend_type(elem, false, within);
            }
            Ty::Map(key, elem) => {
                self.mend_recursion(elem, within);
                self.mend_type(key, false, within);
                self.mend_type(elem, false, within);
            }
            Ty::Struct(fields) => fields.iter_mut().for_each(|(_, ty)| self.mend_type(ty, true, within)),
            Ty::Basic(_) | Ty::Named(_) | Ty::Any => {}
        }
    }

    /// G31: a map or an array that leads back to a slice, map or array around it is defined wrongly by Go.
    fn mend_recursion(&self, elem: &mut Ty, within: Option<usize>) {
        let mut pointee = &*elem;
        while let Ty::Pointer(next) = pointee {
            pointee = next;
        }
        let composite = matches!(self.resolve(pointee), Ok(Ty::Slice(_) | Ty::Array(..) | Ty::Map(..)));
        let back = |within| pointee.names().any(|number| self.reaches(number, within));
        if composite && within.is_some_and(back) {
            *elem = Ty::Basic(1);
        }
    }

    /// Whether one declared type leads to another.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let (mut todo, mut seen) = (vec![from], Vec::new());
        while let Some(number) = todo.pop() {
            if number == to {
                return true;
            }
            if !seen.contains(&number) {
                seen.push(number);
                match &self.declared[number] {
                    Declared::Type(ty) => todo.extend(ty.names()),
                    Declared::Opaque { leaks, .. } => todo.extend(leaks.iter().flat_map(Ty::names)),
                }
            }
        }
        false
    }
}
