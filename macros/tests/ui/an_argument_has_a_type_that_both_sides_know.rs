use gobrpc::service;

struct Loose;

#[service]
impl Loose {
    fn display(&self, _: impl std::fmt::Display) {}
    fn iterate(&self, args: i64) -> impl Iterator<Item = i64> {
        0..args
    }
    fn later(&self, args: i64) -> Result<impl Iterator<Item = i64>, String> {
        Ok(0..args)
    }
}

fn main() {}
