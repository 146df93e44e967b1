use gobrpc::Gob;

#[derive(Gob)]
#[gob(inside = "f64")]
struct Angle(f64);

fn main() {}
