use gobrpc::service;

#[service]
trait Generic<T> {
    async fn get(&self, args: i64) -> i64;
}

#[service]
trait Clause
where
    Self: Sized,
{
    async fn get(&self, args: i64) -> i64;
}

#[service]
trait Associated {
    type Reply;
    async fn get(&self, args: i64) -> i64;
}

#[service]
unsafe trait Unsafe {
    async fn get(&self, args: i64) -> i64;
}

fn main() {}
