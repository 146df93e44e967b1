//! The limit without a runtime, for one call at a time: the same frames, and a thread at each end that blocks.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::thread;

use anyhow::{Result, ensure};

use super::Listener;
use super::bare::FRAME;
use crate::load::Meter;

pub fn serve(listener: Listener) -> Result<()> {
    match listener {
        Listener::Tcp(listener) => {
            let listener = listener.into_std()?;
            listener.set_nonblocking(false)?;
            for stream in listener.incoming() {
                let stream = stream?;
                stream.set_nodelay(true)?;
                thread::spawn(|| echo(stream));
            }
        }
        Listener::Unix(listener) => {
            let listener = listener.into_std()?;
            listener.set_nonblocking(false)?;
            for stream in listener.incoming() {
                let stream = stream?;
                thread::spawn(|| echo(stream));
            }
        }
    }
    Ok(())
}

fn echo(mut stream: impl Read + Write) -> Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => stream.write_all(&buffer[..read])?,
        }
    }
}

pub fn load(kind: &str, address: &str, meter: &Meter) -> Result<()> {
    ensure!(kind == "one", "no such load: {kind}");
    match address.strip_prefix("unix:") {
        Some(path) => one(UnixStream::connect(path)?, meter),
        None => {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            one(stream, meter)
        }
    }
}

fn one(mut stream: impl Read + Write, meter: &Meter) -> Result<()> {
    let (frame, mut reply) = ([7; FRAME], [0; FRAME]);
    while meter.goes_on() {
        stream.write_all(&frame)?;
        stream.read_exact(&mut reply)?;
        ensure!(reply == frame, "a wrong frame");
        meter.count();
    }
    Ok(())
}
