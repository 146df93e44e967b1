use gobrpc::Gob;

#[derive(Gob)]
#[gob(opaque, anonymous)]
struct Angle(f64);

fn main() {}
