//! Damage to streams.

/// A stream changed by a few numbers; `other` is one to take pieces from.
pub(super) fn mutate(bytes: &[u8], other: &[u8], numbers: [u64; 3]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if out.is_empty() {
        return out;
    }
    let [kind, at, with] = numbers;
    let at = (at % out.len() as u64) as usize;
    match kind % 8 {
        0 | 1 => out[at] ^= 1 << (with % 8),
        2 => out[at] = with as u8,
        3 => out.truncate(at),
        4 => drop(out.remove(at)),
        5 => out.insert(at, with as u8),
        6 => {
            let from = (with % (other.len() as u64 + 1)) as usize;
            out.truncate(at);
            out.extend_from_slice(&other[from..]);
        }
        _ => out.extend_from_slice(other),
    }
    out
}
