//! num-complex: `Complex<f64>` is Go's `complex128`.

use num_complex::Complex;

use super::Gob;
use crate::gob::ty::{Kind, Type};

impl Gob for Complex<f32> {
    const TYPE: &'static Type = &Type::basic(Kind::Complex64);
    const KIND: Kind = Kind::Complex64;
}

impl Gob for Complex<f64> {
    const TYPE: &'static Type = &Type::basic(Kind::Complex128);
    const KIND: Kind = Kind::Complex128;
}
