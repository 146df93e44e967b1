use gobrpc::Gob;

#[derive(Gob)]
#[gob(opaque)]
struct Angle(f64);

fn main() {}
