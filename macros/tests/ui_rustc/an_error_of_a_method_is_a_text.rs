use gobrpc::service;

struct Store;

#[service]
impl Store {
    fn length(&self, key: String) -> usize {
        key.len()
    }

    async fn get(&self, key: String) -> Result<String, Vec<u8>> {
        Err(key.into_bytes())
    }
}

fn main() {}
