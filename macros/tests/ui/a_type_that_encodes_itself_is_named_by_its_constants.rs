use gobrpc::Gob;

#[derive(Gob)]
#[gob(opaque, name = "Angle")]
struct Angle(f64);

fn main() {}
