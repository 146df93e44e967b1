//! Damage to streams.

/// A stream changed by a few numbers; `other` is one to take pieces from.
///
/// Damage to a stream as such mostly breaks its lengths, which is soon found. So most of it is done to a message, whose
/// length is then made right.
pub(super) fn mutate(bytes: &[u8], other: &[u8], numbers: [u64; 3]) -> Vec<u8> {
    let [kind, at, with] = numbers;
    let mut messages = messages(bytes);
    if kind % 4 == 0 || messages.is_empty() {
        return damage(bytes, other, [kind / 4, at, with]);
    }
    let count = messages.len() as u64;
    let (chosen, at, second) = ((at % count) as usize, at / count, (with % count) as usize);
    match kind / 4 % 12 {
        0 => drop(messages.remove(chosen)),
        1 => messages.insert(chosen, messages[second]),
        2 => messages.swap(chosen, second),
        3 => {
            let others = self::messages(other);
            messages.extend(others.get((with % (others.len() as u64 + 1)) as usize));
        }
        kind => {
            let body = damage(messages[chosen], other, [kind, at, with]);
            let before: Vec<u8> = messages[..chosen].iter().flat_map(|body| framed(body)).collect();
            let after = messages[chosen + 1..].iter().flat_map(|body| framed(body));
            return before.into_iter().chain(framed(&body)).chain(after).collect();
        }
    }
    messages.into_iter().flat_map(framed).collect()
}

/// Bytes that mean something: small numbers, the ends of uints, the marks of long ones.
const TELLING: [u8; 12] = [0, 1, 2, 3, 4, 16, 0x7e, 0x7f, 0xff, 0xfe, 0xfc, 0xf8];

fn damage(bytes: &[u8], other: &[u8], numbers: [u64; 3]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if out.is_empty() {
        return out;
    }
    let [kind, at, with] = numbers;
    let at = (at % out.len() as u64) as usize;
    let telling = TELLING[(with % TELLING.len() as u64) as usize];
    match kind % 10 {
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
        7 => out[at] = telling,
        8 => out.insert(at, telling),
        _ => out[at] = out[at].wrapping_add(if with % 2 == 0 { 2 } else { 254 }),
    }
    out
}

/// The messages of a stream, without their lengths.
fn messages(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    while let Some((len, rest)) = uint(bytes)
        && let Some((message, rest)) = rest.split_at_checked(len as usize)
    {
        messages.push(message);
        bytes = rest;
    }
    messages
}

/// The ids with which messages begin.
pub(super) fn ids(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let ids = messages(bytes).into_iter().filter_map(|message| uint(message));
    ids.map(|(id, _)| (id >> 1) as i64 ^ -((id & 1) as i64))
}

/// The messages that define types.
pub(super) fn definitions(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    messages(bytes).into_iter().filter(|message| uint(message).is_some_and(|(id, _)| id % 2 == 1))
}

/// A uint, and what is after it.
fn uint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let count = if *first < 0x80 { 0 } else { 0x100 - usize::from(*first) };
    let (digits, rest) = rest.split_at_checked(count)?;
    let value = match count {
        0 => u64::from(*first),
        _ => digits.iter().fold(0, |value, digit| value << 8 | u64::from(*digit)),
    };
    Some((value, rest))
}

/// A message with its length before it.
fn framed(body: &[u8]) -> Vec<u8> {
    let len = body.len() as u64;
    let mut out = match len {
        0..0x80 => vec![len as u8],
        _ => {
            let digits = &len.to_be_bytes()[len.leading_zeros() as usize / 8..];
            let mut out = vec![(0x100 - digits.len()) as u8];
            out.extend_from_slice(digits);
            out
        }
    };
    out.extend_from_slice(body);
    out
}
