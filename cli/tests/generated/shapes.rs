//! Reads a file of Go's, says what is in it, and writes it again, with the types that were made from its source.

#![deny(warnings)]

#[path = "../shapes.rs"]
mod shapes;

use std::collections::HashMap;
use std::fs;

use gobrpc::gob::{Decoder, Encoder};

use self::shapes::{Color, Everything, Kept, Level, Mask, Point};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (from, to) = (args.next().ok_or("a file")?, args.next().ok_or("another")?);
    let bytes = fs::read(from)?;
    let mut decoder = Decoder::new(&bytes[..]);
    let everything: Everything = decoder.decode()?.ok_or("everything")?;
    let kept: Kept = decoder.decode()?.ok_or("what is kept")?;

    assert_eq!(everything.points, HashMap::from([(Point { x: 1, y: 2 }, Color::GREEN)]));
    // No constant has this value, and nothing of it is lost.
    assert_eq!(everything.colors, [Color::RED, Color(77)]);
    assert_eq!((everything.level, everything.mask), (Level("other".into()), Mask::ALL));
    assert_eq!(everything.snake.r#match, [Level::INFO]);
    assert_eq!(everything.any.as_i64(), Some(12));
    assert!(everything.shape.is_nil());
    assert_eq!(everything.seen.to_string(), "2026-11-26T05:00:00.000000007Z");
    assert_eq!(everything.node.as_ref().and_then(|node| node.next.as_ref()).map(|next| next.value), Some(4));
    assert_eq!((everything.nested.deep[0].c.as_str(), everything.table.inner.last.x), ("c", 9));
    assert_eq!(everything.longs[0].0[32], 1);
    assert_eq!((kept.secret.0.as_slice(), kept.n), (&b"s3cret"[..], 5));

    let everything: Everything = Decoder::new(&bytes[..]).decode()?.ok_or("everything")?;
    let mut encoder = Encoder::new(Vec::new());
    encoder.encode(&everything)?;
    println!("{}", if bytes.starts_with(encoder.get_ref()) { "the same bytes" } else { "other bytes" });
    encoder.encode(&kept)?;
    fs::write(to, encoder.into_inner())?;
    Ok(())
}
