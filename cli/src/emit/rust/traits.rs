//! Which of Rust's traits a type can have, and where it needs a `Box`.

use std::collections::HashSet;

use crate::model::cycles::Cycles;
use crate::model::known::Known;
use crate::model::{Basic, Body, Model, Ty, TypeId, fields};

/// Traits that not every type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) default: bool,
    pub(super) eq: bool,
    pub(super) hash: bool,
    pub(super) copy: bool,
    pub(super) ord: bool,
}

impl Traits {
    const ALL: Self = Self { default: true, eq: true, hash: true, copy: true, ord: true };

    const fn and(self, other: Self) -> Self {
        Self {
            default: self.default && other.default,
            eq: self.eq && other.eq,
            hash: self.hash && other.hash,
            copy: self.copy && other.copy,
            ord: self.ord && other.ord,
        }
    }
}

/// How long an array is at most that serde and `Default` know.
pub(super) const MAX_ARRAY: usize = 32;

/// What is known of the types of a model.
pub(super) struct Analysis {
    traits: Vec<Traits>,
    cycles: Cycles,
    /// By type: the parameters by which it has maps.
    keys: Vec<HashSet<String>>,
}

impl Analysis {
    pub(super) fn of(model: &Model) -> Self {
        let count = model.types.len();
        let mut this =
            Self { traits: vec![Traits::ALL; count], cycles: Cycles::of(model), keys: vec![HashSet::new(); count] };
        this.until_settled(model);
        this
    }

    pub(super) fn traits(&self, id: TypeId) -> Traits {
        self.traits[id]
    }

    pub(super) fn is_key(&self, id: TypeId, param: &str) -> bool {
        self.keys[id].contains(param)
    }

    /// Whether a value of type `owner` would hold itself if it held what is pointed to.
    pub(super) fn closes(&self, ty: &Ty, owner: TypeId) -> bool {
        self.cycles.closes(ty, owner)
    }

    fn until_settled(&mut self, model: &Model) {
        loop {
            let mut changed = false;
            for (id, declared) in model.types.iter().enumerate() {
                let traits = match &declared.body {
                    Body::Struct(members) => {
                        let all = fields(members).map(|field| self.of_ty(&field.ty));
                        all.fold(Traits::ALL, Traits::and)
                    }
                    // With constants, a string is one that may be borrowed.
                    Body::Of(ty) | Body::Alias(ty) => self.of_ty(ty),
                    Body::Opaque(_) => Traits { copy: false, ord: false, ..Traits::ALL },
                    Body::Unsendable(_) => continue,
                };
                let mut keys = HashSet::new();
                declared.body.walk(&mut |ty| self.key_params(model, ty, &mut keys));
                changed |= self.traits[id] != traits || self.keys[id] != keys;
                (self.traits[id], self.keys[id]) = (traits, keys);
            }
            if !changed {
                return;
            }
        }
    }

    fn key_params(&self, model: &Model, ty: &Ty, keys: &mut HashSet<String>) {
        let mut note = |ty: &Ty| {
            if let Ty::Param(name) = ty {
                keys.insert(name.clone());
            }
        };
        match ty {
            Ty::Map(key, _) => key.walk(&mut note),
            Ty::Declared(id, args) => {
                for (param, arg) in model.types[*id].params.iter().zip(args) {
                    if self.keys[*id].contains(param) {
                        arg.walk(&mut note);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn of_ty(&self, ty: &Ty) -> Traits {
        match ty {
            Ty::Basic(Basic::String) => Traits { copy: false, ..Traits::ALL },
            Ty::Basic(Basic::Complex64 | Basic::Complex128) => {
                Traits { eq: false, hash: false, ord: false, ..Traits::ALL }
            }
            Ty::Basic(basic) if basic.is_float() => Traits { eq: false, hash: false, ord: false, ..Traits::ALL },
            Ty::Basic(_) => Traits::ALL,
            Ty::Slice(elem) => Traits { default: true, copy: false, ..self.of_ty(elem) },
            Ty::Array(length, elem) => {
                let elem = self.of_ty(elem);
                Traits { default: elem.default && *length <= MAX_ARRAY, ..elem }
            }
            Ty::Map(key, elem) => {
                let elem = self.of_ty(key).and(self.of_ty(elem));
                Traits { default: true, eq: elem.eq, hash: false, copy: false, ord: false }
            }
            Ty::Pointer(elem) => Traits { default: true, copy: false, ..self.of_ty(elem) },
            Ty::Struct(members) => fields(members).map(|field| self.of_ty(&field.ty)).fold(Traits::ALL, Traits::and),
            Ty::Any => Traits { copy: false, ord: false, ..Traits::ALL },
            Ty::Known(known) => {
                let copy = matches!(
                    known,
                    Known::Time | Known::Duration | Known::Prefix | Known::Ip | Known::Uuid | Known::Decimal
                );
                Traits { default: *known != Known::Url, copy, ord: *known != Known::BigFloat, ..Traits::ALL }
            }
            Ty::Declared(id, args) => {
                let args = args.iter().map(|arg| self.of_ty(arg)).fold(Traits::ALL, Traits::and);
                self.traits[*id].and(args)
            }
            Ty::Param(_) => Traits::ALL,
        }
    }
}
