//! Numbers: which fit a kind, and those that JSON does not have.

use gobrpc::gob::ty::Kind;

/// Go's `math.NaN()`, which is not Rust's.
const GO_NAN: f64 = f64::from_bits(0x7ff8_0000_0000_0001);

pub(super) const fn is_signed(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64)
}

pub(super) const fn is_unsigned(kind: Kind) -> bool {
    matches!(kind, Kind::Uint | Kind::Uint8 | Kind::Uint16 | Kind::Uint32 | Kind::Uint64)
}

pub(super) fn fits_int(kind: Kind, value: i64) -> bool {
    match kind {
        Kind::Int8 => i8::try_from(value).is_ok(),
        Kind::Int16 => i16::try_from(value).is_ok(),
        Kind::Int32 => i32::try_from(value).is_ok(),
        _ => true,
    }
}

pub(super) fn fits_uint(kind: Kind, value: u64) -> bool {
    match kind {
        Kind::Uint8 => u8::try_from(value).is_ok(),
        Kind::Uint16 => u16::try_from(value).is_ok(),
        Kind::Uint32 => u32::try_from(value).is_ok(),
        _ => true,
    }
}

/// A float that JSON does not have, by its name.
pub(super) fn unusual(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(GO_NAN),
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// `(1+2i)`, the parts of which may be any float.
pub(super) fn complex(text: &str) -> Option<(f64, f64)> {
    let inner = text.strip_prefix('(')?.strip_suffix("i)")?;
    // The sign between them is the last that belongs to no exponent.
    let at = inner
        .char_indices()
        .rev()
        .find(|(at, c)| matches!(c, '+' | '-') && *at > 0 && !inner[..*at].ends_with(['e', 'E']));
    // A part that is no number has no sign of its own.
    let (re, im) = match at {
        Some((at, _)) => inner.split_at(at),
        None => return None,
    };
    Some((part(re)?, part(im)?))
}

fn part(text: &str) -> Option<f64> {
    let named = unusual(text).or_else(|| unusual(text.strip_prefix('+')?));
    named.or_else(|| text.strip_prefix('+').unwrap_or(text).parse().ok().filter(|value: &f64| value.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complex_numbers_are_read_as_they_are_printed() {
        assert_eq!(complex("(1+2i)"), Some((1.0, 2.0)));
        assert_eq!(complex("(-1e-7-0.5i)"), Some((-1e-7, -0.5)));
        assert_eq!(complex("(1e+21+1e+21i)"), Some((1e21, 1e21)));
        assert_eq!(complex("(+Inf-Infi)"), Some((f64::INFINITY, f64::NEG_INFINITY)));
        let (re, im) = complex("(NaN+NaNi)").unwrap();
        assert!(re.is_nan() && im.is_nan());
        assert_eq!(complex("(-0-0i)").map(|(re, im)| (re.to_bits(), im.to_bits())), Some((1 << 63, 1 << 63)));
    }

    #[test]
    fn what_is_no_complex_number_is_refused() {
        for text in ["", "1+2i", "(1)", "(2i)", "(1+2)", "(a+bi)", "(1+2i) "] {
            assert_eq!(complex(text), None, "{text}");
        }
    }
}
