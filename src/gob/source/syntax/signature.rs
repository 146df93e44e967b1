//! What methods take and give.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::one_of;
use nom::combinator::{map, map_opt, opt, peek, verify};
use nom::multi::separated_list0;
use nom::sequence::{delimited, preceded, terminated};

use super::token::{close, comma, identifier, inline, open};
use super::{Expr, MAX_DEPTH, Parameter, Parsed, Signature, types};

pub(super) fn signature(input: &str) -> Parsed<'_, Signature> {
    let one =
        map(|input| types::ty(input, MAX_DEPTH), |ty| vec![Parameter { name: String::new(), ty, is_variadic: false }]);
    let results = map(opt(preceded(inline, alt((parameters, one)))), Option::unwrap_or_default);
    map((parameters, results), |(params, results)| Signature { params, results }).parse(input)
}

/// One entry of a list: a type, a name with a type, or a name whose type comes with a later one.
struct Entry {
    name: Option<String>,
    ty: Expr,
    is_variadic: bool,
}

fn parameters(input: &str) -> Parsed<'_, Vec<Parameter>> {
    let list = terminated(separated_list0(comma, entry), opt(comma));
    map_opt(delimited(open("("), list, close(")")), resolve).parse(input)
}

fn entry(input: &str) -> Parsed<'_, Entry> {
    let is_name = |name: &&str| !matches!(*name, "chan" | "func" | "interface" | "map" | "struct");
    let after = peek(one_of(" \t"));
    let name = terminated(verify(identifier, is_name), (after, inline));
    let ty = || (opt(terminated(tag("..."), inline)), |input| types::ty(input, MAX_DEPTH));
    let named =
        map((name, ty()), |(name, (dots, ty))| Entry { name: Some(name.to_owned()), ty, is_variadic: dots.is_some() });
    let unnamed = map(ty(), |(dots, ty)| Entry { name: None, ty, is_variadic: dots.is_some() });
    preceded(inline, alt((named, unnamed))).parse(input)
}

/// If one entry has a name, all have: `(a, b int)`.
fn resolve(entries: Vec<Entry>) -> Option<Vec<Parameter>> {
    let are_named = entries.iter().any(|entry| entry.name.is_some());
    let mut out: Vec<Parameter> = Vec::new();
    let mut ty = None;
    for entry in entries.into_iter().rev() {
        let (name, of) = match entry.name {
            Some(name) => (name, entry.ty),
            None if !are_named => (String::new(), entry.ty),
            None => match entry.ty {
                Expr::Name(name) if name.package.is_none() && name.args.is_empty() => (name.name, ty.clone()?),
                _ => return None,
            },
        };
        ty = Some(of.clone());
        out.push(Parameter { name, ty: of, is_variadic: entry.is_variadic });
    }
    out.reverse();
    Some(out)
}
