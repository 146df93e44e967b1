use gobrpc::service;

#[service]
trait Generic {
    async fn types<T>(&self, args: T);
    async fn lifetimes<'a>(&'a self, args: i64);
    async fn consts<const N: usize>(&self, args: [i64; N]);
    async fn clauses(&self, args: i64)
    where
        Self: Sized;
}

fn main() {}
