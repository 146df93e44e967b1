//! Constants, with what they are worth.

use std::collections::HashMap;

use gobrpc::gob::constant::{Evaluator, Exact};
use gobrpc::gob::syntax::Expr;

use super::resolve::Scope;
use super::{Builder, is_exported};
use crate::model::known::Known;
use crate::model::{Basic, Body, Constant, Item, Ty};

impl Builder<'_> {
    /// Takes the exported constants; those of a type of the package with the type.
    pub(super) fn constants(&mut self) {
        for (number, loaded) in self.packages.iter().enumerate() {
            let mut evaluator = Evaluator::new(&loaded.values);
            for (file, line) in &loaded.constants {
                for name in line.names.iter().filter(|name| is_exported(name)) {
                    let place = self.place(*file, line.left);
                    let constant = evaluator.get(name).map_err(|unknown| unknown.to_string()).and_then(|worth| {
                        let ty = worth.ty.map(|ty| {
                            let scope = Scope { package: number, file: *file, about: 0, params: HashMap::new() };
                            self.resolve(&Expr::Name(ty), &scope).map_err(|problem| problem.text)
                        });
                        let (name, doc) = (name.clone(), line.doc.clone());
                        Ok(Constant { name, ty: ty.transpose()?, value: worth.value, doc })
                    });
                    match constant {
                        Ok(constant) => self.constant(number, constant),
                        Err(reason) => {
                            self.remark(None, place, format!("constant {name}: {reason}"));
                            let items = &mut self.model.packages[number].items;
                            items.push(Item::Note(format!("{name}: {reason}")));
                        }
                    }
                }
            }
        }
    }

    fn constant(&mut self, package: usize, constant: Constant) {
        if let Some(Ty::Declared(id, _)) = &constant.ty
            && self.model.types[*id].package == package
            && matches!(self.model.types[*id].body, Body::Of(Ty::Basic(_)))
        {
            let id = *id;
            self.model.types[id].constants.push(constant);
            return;
        }
        if matches!(constant.ty, None | Some(Ty::Basic(_) | Ty::Known(Known::Duration) | Ty::Declared(..))) {
            self.model.packages[package].items.push(Item::Constant(constant));
        }
    }
}

impl Constant {
    /// The predeclared type of a value without one, as Go has it.
    pub(crate) const fn default_type(&self) -> Basic {
        match self.value {
            Exact::Bool(_) => Basic::Bool,
            Exact::Integer(_) => Basic::Int,
            Exact::Rune(_) => Basic::Int32,
            Exact::Float(_) => Basic::Float64,
            Exact::String(_) => Basic::String,
        }
    }
}
