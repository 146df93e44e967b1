use gobrpc::service;

struct Qualified;

#[service]
impl Qualified {
    unsafe fn danger(&self, _: i64) {}
    extern "C" fn foreign(&self, _: i64) {}
    const fn constant(&self, _: i64) {}
}

fn main() {}
