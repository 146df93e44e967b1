use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface, repr = "int")]
enum Shape {
    Circle(i64),
}

fn main() {}
