use gobrpc::Gob;

#[derive(Gob)]
#[gob(opaque)]
#[serde(transparent)]
struct Angle(f64);

fn main() {}
