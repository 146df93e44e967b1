use gobrpc::Gob;

#[derive(Gob)]
struct Reading {
    #[serde(with = "celsius")]
    a: f64,
}

mod celsius {}

fn main() {}
