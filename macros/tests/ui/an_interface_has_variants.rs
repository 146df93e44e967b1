use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Shape {}

fn main() {}
