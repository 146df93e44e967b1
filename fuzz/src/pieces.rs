//! Inputs that come in pieces.

/// Cuts `bytes` up: for 0 not at all, for 1 into single bytes, otherwise at places that depend on the seed.
pub fn pieces(seed: u8, bytes: &[u8]) -> Vec<&[u8]> {
    let longest = match seed {
        0 => return vec![bytes],
        1 => 1,
        // Most of what is interesting happens within messages, which are short.
        seed => 2 + usize::from(seed % 31),
    };
    let mut random = u32::from(seed);
    let mut rest = bytes;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (piece, after) = rest.split_at((1 + (random >> 16) as usize % longest).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}
