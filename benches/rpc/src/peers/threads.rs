//! gobrpc without a runtime: calls that block their threads.

use std::collections::VecDeque;
use std::thread;

use anyhow::{Result, bail, ensure};
use bytes::Bytes;
use gobrpc::rpc::Client;

use super::gobrpc::Args;
use crate::load::{LARGE, Meter, WIDTH};

const MULTIPLY: &str = "Arith.Multiply";

pub fn load(kind: &str, address: &str, meter: &Meter) -> Result<()> {
    match kind {
        "one" => one(&Client::dial(address)?, meter),
        "window" => window(&Client::dial(address)?, meter),
        "shared" => {
            let client = Client::dial(address)?;
            together(vec![client; WIDTH], meter)
        }
        "many" => {
            let clients: Result<Vec<_>, _> = (0..WIDTH).map(|_| Client::dial(address)).collect();
            together(clients?, meter)
        }
        "echo" => {
            let client = Client::dial(address)?;
            let data = Bytes::from(vec![0; LARGE]);
            while meter.goes_on() {
                ensure!(client.call::<Bytes>("Arith.Echo", &data).wait()?.len() == LARGE, "a wrong echo");
                meter.count();
            }
            Ok(())
        }
        _ => bail!("no such load: {kind}"),
    }
}

fn one(client: &Client, meter: &Meter) -> Result<()> {
    for i in (0..1024).cycle().take_while(|_| meter.goes_on()) {
        ensure!(client.call::<isize>(MULTIPLY, &Args { a: i, b: 3 }).wait()? == 3 * i, "a wrong product");
        meter.count();
    }
    Ok(())
}

fn window(client: &Client, meter: &Meter) -> Result<()> {
    let mut calls = VecDeque::new();
    for i in (0..1024).cycle().take_while(|_| meter.goes_on()) {
        calls.push_back((i, client.call::<isize>(MULTIPLY, &Args { a: i, b: 3 })));
        if calls.len() == WIDTH
            && let Some((i, call)) = calls.pop_front()
        {
            ensure!(call.wait()? == 3 * i, "a wrong product");
            meter.count();
        }
    }
    Ok(())
}

fn together(clients: Vec<Client>, meter: &Meter) -> Result<()> {
    thread::scope(|scope| {
        let callers: Vec<_> = clients.iter().map(|client| scope.spawn(|| one(client, meter))).collect();
        callers.into_iter().try_for_each(|caller| match caller.join() {
            Ok(result) => result,
            Err(_) => bail!("a caller panicked"),
        })
    })
}
