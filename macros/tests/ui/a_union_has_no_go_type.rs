use gobrpc::Gob;

#[derive(Gob)]
union Number {
    a: i64,
    b: f64,
}

fn main() {}
