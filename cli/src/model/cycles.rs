//! Which types are parts of each other.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{Body, Model, Ty, TypeId, fields};

/// The declared types that hold each other, with nothing on the heap between.
pub(crate) struct Cycles {
    /// By type: the number of the set of those that lead to each other.
    sets: HashMap<TypeId, usize>,
    edges: Vec<Vec<TypeId>>,
}

impl Cycles {
    pub(crate) fn of(model: &Model) -> Self {
        let edges: Vec<Vec<TypeId>> = model
            .types
            .iter()
            .map(|declared| {
                let mut parts = Vec::new();
                match &declared.body {
                    Body::Struct(members) => fields(members).for_each(|field| parts_of(&field.ty, &mut parts)),
                    Body::Of(ty) | Body::Alias(ty) => parts_of(ty, &mut parts),
                    Body::Opaque(_) | Body::Unsendable(_) => {}
                }
                parts
            })
            .collect();
        let mut graph: DiGraph<(), ()> = DiGraph::new();
        let nodes: Vec<NodeIndex> = edges.iter().map(|_| graph.add_node(())).collect();
        for (from, parts) in edges.iter().enumerate() {
            for to in parts {
                graph.add_edge(nodes[from], nodes[*to], ());
            }
        }
        let sets = kosaraju_scc(&graph).into_iter().enumerate();
        let sets = sets.flat_map(|(number, set)| set.into_iter().map(move |node| (node.index(), number))).collect();
        Self { sets, edges }
    }

    /// Whether a value of type `owner` would hold itself if it held one of type `ty`.
    pub(crate) fn closes(&self, ty: &Ty, owner: TypeId) -> bool {
        let mut parts = Vec::new();
        parts_of(ty, &mut parts);
        // The owner holds the type, or is about to: if the type leads back, they are in one set.
        parts.iter().any(|part| {
            *part == owner && self.edges[owner].contains(part) || *part != owner && self.sets[part] == self.sets[&owner]
        })
    }
}

/// The declared types that are in a value of this one.
fn parts_of(ty: &Ty, parts: &mut Vec<TypeId>) {
    match ty {
        Ty::Array(_, elem) | Ty::Pointer(elem) => parts_of(elem, parts),
        Ty::Struct(members) => fields(members).for_each(|field| parts_of(&field.ty, parts)),
        Ty::Declared(id, args) => {
            parts.push(*id);
            args.iter().for_each(|arg| parts_of(arg, parts));
        }
        Ty::Basic(_) | Ty::Slice(_) | Ty::Map(..) | Ty::Any | Ty::Known(_) | Ty::Param(_) => {}
    }
}
