use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
struct Shape {
    area: f64,
}

fn main() {}
