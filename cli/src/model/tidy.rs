//! What is left of a model when all is taken out that cannot be sent.

use std::collections::HashSet;

use super::{Body, Item, Member, Model, Place, Remark, ServiceMember, Ty, TypeId, fields};

/// What is asked of types besides that they can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    /// That Rust can tell the keys of maps apart.
    Rust,
    Go,
}

/// Puts notes in the place of fields and methods whose types cannot be sent, until all others can be.
pub(super) fn prune(model: &mut Model, remarks: &mut Vec<(Option<TypeId>, Remark)>, language: For) {
    loop {
        let mut reasons = Vec::new();
        for id in 0..model.types.len() {
            let reason = match &model.types[id].body {
                Body::Struct(members) => {
                    let (pruned, notes) = members_without(model, members, language);
                    if notes.is_empty() {
                        continue;
                    }
                    let about = model.types[id].name.clone();
                    remarks.extend(
                        notes
                            .into_iter()
                            .map(|(place, text)| (Some(id), Remark { place, text: format!("{about}: {text}") })),
                    );
                    if fields(&pruned).next().is_some() {
                        Body::Struct(pruned)
                    } else {
                        Body::Unsendable("nothing in it can be sent".to_owned())
                    }
                }
                Body::Of(ty) | Body::Alias(ty) => match refusal(model, ty, language).or_else(|| loops(model, id)) {
                    Some(reason) => {
                        let text = format!("type {}: {reason}", model.types[id].name);
                        remarks.push((Some(id), Remark { place: Place::default(), text }));
                        Body::Unsendable(reason)
                    }
                    None => continue,
                },
                Body::Opaque(_) | Body::Unsendable(_) => continue,
            };
            reasons.push((id, reason));
        }
        if reasons.is_empty() {
            break;
        }
        for (id, body) in reasons {
            model.types[id].body = body;
        }
    }
    prune_services(model, remarks, language);
}

/// Whether a type is another name of itself.
fn loops(model: &Model, id: TypeId) -> Option<String> {
    let mut seen = HashSet::from([id]);
    let mut next = id;
    while let Body::Alias(Ty::Declared(to, _)) = &model.types[next].body {
        next = *to;
        if !seen.insert(next) {
            return Some("it is declared by itself".to_owned());
        }
    }
    None
}

fn prune_services(model: &mut Model, remarks: &mut Vec<(Option<TypeId>, Remark)>, language: For) {
    for number in 0..model.packages.len() {
        let mut items = std::mem::take(&mut model.packages[number].items);
        for item in &mut items {
            let Item::Service(service) = item else { continue };
            for member in &mut service.members {
                let ServiceMember::Method(method) = member else { continue };
                let Some(reason) =
                    refusal(model, &method.args, language).or_else(|| refusal(model, &method.reply, language))
                else {
                    continue;
                };
                let text = format!("method {}.{}: {reason}", service.name, method.name);
                remarks.push((None, Remark { place: method.place, text }));
                *member = ServiceMember::Note(format!("{}: {reason}", method.name));
            }
        }
        items.retain(|item| match item {
            Item::Service(service) => service.members.iter().any(|member| matches!(member, ServiceMember::Method(_))),
            _ => true,
        });
        model.packages[number].items = items;
    }
}

type Notes = Vec<(Place, String)>;

/// The members that can be sent, with notes for the others.
fn members_without(model: &Model, members: &[Member], language: For) -> (Vec<Member>, Notes) {
    let mut notes = Vec::new();
    let mut note = |place, name: &str, reason: &str| {
        let text = format!("field {name}: {reason}");
        notes.push((place, text.clone()));
        Member::Note(text)
    };
    let pruned = members.iter().map(|member| match member {
        Member::Field(field) => match refusal(model, &field.ty, language) {
            Some(reason) => note(field.place, &field.name, &reason),
            None => member.clone(),
        },
        Member::Note(_) => member.clone(),
    });
    (pruned.collect(), notes)
}

/// Why a type cannot be sent, or has no Rust type.
fn refusal(model: &Model, ty: &Ty, language: For) -> Option<String> {
    let mut refused = None;
    ty.walk(&mut |ty| {
        let reason = match ty {
            Ty::Declared(id, _) => match &model.types[*id].body {
                Body::Unsendable(reason) if reason.is_empty() => {
                    Some(format!("{} is no type of values", model.types[*id].name))
                }
                Body::Unsendable(reason) => Some(format!("{}: {reason}", model.types[*id].name)),
                _ => None,
            },
            Ty::Map(key, _) if language == For::Rust && !is_key(model, key, &mut HashSet::new()) => {
                Some("floats as keys of a map have no equal in Rust".to_owned())
            }
            _ => None,
        };
        if refused.is_none() {
            refused = reason;
        }
    });
    refused
}

/// Whether Rust can tell equal values of a type: floats it cannot.
fn is_key(model: &Model, ty: &Ty, seen: &mut HashSet<TypeId>) -> bool {
    match ty {
        Ty::Basic(basic) => !basic.is_float(),
        Ty::Array(_, elem) | Ty::Pointer(elem) => is_key(model, elem, seen),
        Ty::Slice(_) | Ty::Map(..) => false,
        Ty::Struct(members) => fields(members).all(|field| is_key(model, &field.ty, seen)),
        Ty::Any | Ty::Known(_) | Ty::Param(_) => true,
        Ty::Declared(id, args) => {
            args.iter().all(|arg| is_key(model, arg, seen))
                && (!seen.insert(*id)
                    || match &model.types[*id].body {
                        Body::Struct(members) => fields(members).all(|field| is_key(model, &field.ty, seen)),
                        Body::Of(ty) | Body::Alias(ty) => is_key(model, ty, seen),
                        Body::Opaque(_) | Body::Unsendable(_) => true,
                    })
        }
    }
}

/// The types that can be sent, that the services and constants need, and those of `roots`, with all they are made of.
pub(super) fn reachable(model: &Model, roots: &[TypeId]) -> HashSet<TypeId> {
    let mut todo = roots.to_vec();
    let mut note = |ty: &Ty| {
        if let Ty::Declared(id, _) = ty {
            todo.push(*id);
        }
    };
    for item in model.packages.iter().flat_map(|package| &package.items) {
        match item {
            Item::Service(service) => {
                for member in &service.members {
                    if let ServiceMember::Method(method) = member {
                        method.args.walk(&mut note);
                        method.reply.walk(&mut note);
                    }
                }
            }
            Item::Constant(constant) => constant.ty.iter().for_each(|ty| ty.walk(&mut note)),
            Item::Type(_) | Item::Note(_) => {}
        }
    }
    let mut reached = HashSet::new();
    while let Some(id) = todo.pop() {
        if reached.insert(id) {
            model.types[id].body.walk(&mut |ty| {
                if let Ty::Declared(id, _) = ty {
                    todo.push(*id);
                }
            });
        }
    }
    reached
}
