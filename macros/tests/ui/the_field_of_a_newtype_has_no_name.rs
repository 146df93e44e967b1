use gobrpc::Gob;

#[derive(Gob)]
struct Meters(#[gob(name = "Value")] f64);

fn main() {}
