//! How a value looks to a person.

use std::fmt;

use super::Value;

/// Much as Go's `%v` with names: `{X: 22, Y: 33}`, `["a", "b"]`, `map["k": 1]`, `main.T{…}` in an interface.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Uint(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Complex(re, im) => write!(f, "({re}{im:+}i)"),
            Self::String(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => hex(f, value),
            Self::Slice(value) | Self::Array(value) => list(f, "[", value.items(), "]", |f, item| item.fmt(f)),
            Self::Map(value) => list(f, "map[", value.entries(), "]", |f, (key, value)| write!(f, "{key}: {value}")),
            Self::Struct(value) => list(f, "{", &value.fields(), "}", |f, (name, value)| write!(f, "{name}: {value}")),
            Self::Interface(None) => f.write_str("nil"),
            Self::Interface(Some(value)) => write!(f, "{}({})", value.name, value.value),
            Self::Opaque(value) => {
                write!(f, "{}(", value.type_name())?;
                hex(f, &value.payload)?;
                f.write_str(")")
            }
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    items: &[T],
    close: &str,
    item: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str(open)?;
    for (i, value) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        item(f, value)?;
    }
    f.write_str(close)
}

fn hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}
