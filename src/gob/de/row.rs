//! The numbers of a slice that is a value by itself, read in a loop of our own: with serde's each number has to wait
//! until the length of the vector, which grows by one, is back from memory.

use crate::gob::stream::walk::take_singleton;
use crate::gob::ty::Kind;
use crate::gob::wire::{Cursor, int_from_uint};

/// Numbers of one type, before they are read.
#[derive(Debug)]
pub struct Row<'i> {
    cursor: Cursor<'i>,
    count: usize,
}

impl<'i> Row<'i> {
    /// The numbers in a payload, unless they are fewer than it says.
    #[inline]
    pub(super) fn new(payload: &'i [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(payload, 0);
        take_singleton(&mut cursor).ok()?;
        let count = usize::try_from(cursor.take_uint().ok()?).ok()?;
        // Each takes a byte or more.
        (count <= cursor.remaining()).then_some(Self { cursor, count })
    }

    pub(crate) fn bools(self) -> Option<Vec<bool>> {
        self.collect(|cursor| Some(cursor.take_uint_in_row().ok()? != 0))
    }

    pub(crate) fn ints<T: TryFrom<i64> + Default + Clone>(self) -> Option<Vec<T>> {
        self.collect(|cursor| int_from_uint(cursor.take_uint_in_row().ok()?).try_into().ok())
    }

    pub(crate) fn uints<T: TryFrom<u64> + Default + Clone>(self) -> Option<Vec<T>> {
        self.collect(|cursor| cursor.take_uint_in_row().ok()?.try_into().ok())
    }

    pub(crate) fn doubles(self) -> Option<Vec<f64>> {
        self.collect(|cursor| cursor.take_float_in_row().ok())
    }

    pub(crate) fn singles(self) -> Option<Vec<f32>> {
        self.collect(|cursor| {
            let value = cursor.take_float_in_row().ok()?;
            Kind::Float32.has_float(value).then_some(value as f32)
        })
    }

    /// A vector of all numbers, if nothing is wrong with any.
    #[inline]
    fn collect<T: Default + Clone>(mut self, read: impl Fn(&mut Cursor<'i>) -> Option<T>) -> Option<Vec<T>> {
        /// How many are made at once: few enough to be still in the cache when they are written again.
        const PIECE: usize = 256;

        let mut numbers = Vec::with_capacity(self.count);
        while numbers.len() < self.count {
            let start = numbers.len();
            numbers.resize(self.count.min(start + PIECE), T::default());
            for number in &mut numbers[start..] {
                *number = read(&mut self.cursor)?;
            }
        }
        Some(numbers)
    }
}
