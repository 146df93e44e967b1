use gobrpc::service;

struct Thing;

#[service]
impl Clone for Thing {
    fn clone(&self) -> Self {
        Self
    }
}

fn main() {}
