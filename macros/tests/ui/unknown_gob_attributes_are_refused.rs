use gobrpc::Gob;

#[derive(Gob)]
#[gob(rename = "Args", package = "example.com/p")]
struct Unknown {
    #[gob(skip)]
    a: i64,
    #[gob(rename = "B")]
    b: i64,
    #[gob(type = "[]int", name = "C")]
    c: i64,
    #[gob]
    d: i64,
    #[gob(name = C)]
    e: i64,
}

fn main() {}
