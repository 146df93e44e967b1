//! Values as the vectors print them.

use std::collections::{BTreeMap, HashMap};

use gobrpc::gob::{Value, big};
use num_complex::Complex32;

/// A value as the vectors print it.
pub(super) trait Show {
    fn show(&self) -> String;
}

macro_rules! show {
    ($($ty:ty),*) => {$(
        impl Show for $ty {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

show!(bool, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64);

impl Show for f32 {
    fn show(&self) -> String {
        if self.is_infinite() { format!("{}Inf", if *self > 0.0 { '+' } else { '-' }) } else { self.to_string() }
    }
}

impl Show for String {
    fn show(&self) -> String {
        format!("{self:?}")
    }
}

pub(super) fn list<'a, T: Show + 'a>(items: impl Iterator<Item = &'a T>) -> String {
    format!("[{}]", items.map(Show::show).collect::<Vec<_>>().join(", "))
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> String {
        list(self.iter())
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self) -> String {
        list(self.iter())
    }
}

impl<K: Show, V: Show> Show for HashMap<K, V> {
    fn show(&self) -> String {
        let entries: BTreeMap<String, String> = self.iter().map(|(key, value)| (key.show(), value.show())).collect();
        format!("map[{}]", entries.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(" "))
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "nil".to_owned(), |value| format!("&{}", value.show()))
    }
}

impl Show for () {
    fn show(&self) -> String {
        "{}".to_owned()
    }
}

impl<T: Show> Show for Box<T> {
    fn show(&self) -> String {
        (**self).show()
    }
}

impl Show for Complex32 {
    fn show(&self) -> String {
        format!("({}{:+}i)", self.re, self.im)
    }
}

impl Show for big::Int {
    fn show(&self) -> String {
        format!("{self:?}")
    }
}

impl Show for Value {
    fn show(&self) -> String {
        // The vectors show all fields, a value those that came.
        match self {
            Self::Interface(None) => "nil".to_owned(),
            Self::Interface(Some(interface)) => format!("{}({})", interface.name(), interface.value().show()),
            value => value.to_string(),
        }
    }
}
