//! Which field a member is for.

use crate::gob::ty::Type;

/// The field a member goes to: by the key it has in serde, by its Go name, or by either without regard to case.
pub(super) fn field(ty: &Type, name: &[u8]) -> Option<usize> {
    let fields = ty.fields();
    let exact = fields.iter().position(|field| field.key.as_bytes() == name);
    let exact = exact.or_else(|| fields.iter().position(|field| field.name.as_bytes() == name));
    exact.or_else(|| {
        let name = std::str::from_utf8(name).ok()?;
        fields.iter().position(|field| same_fold(field.key, name) || same_fold(field.name, name))
    })
}

/// Whether two names are the same but for the case of their letters.
pub(in crate::rpc::codec) fn same_fold(a: &str, b: &str) -> bool {
    let fold = |text: &str| text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect::<String>();
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { fold(a) == fold(b) }
}
