//! TCP connections, set up as Go does it.

/// What is written goes out at once, and a peer that vanishes without a word is noticed after some minutes. A connection
/// for which this cannot be set is over, or tells so later: Go does not look at the errors either.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(super) fn set_up<'s>(stream: impl Into<socket2::SockRef<'s>>) {
    /// How long a peer may be silent before it is asked whether it is there, and how long until it is asked again (R67).
    const SILENCE: std::time::Duration = std::time::Duration::from_secs(15);

    let stream = stream.into();
    let _ = stream.set_tcp_nodelay(true);
    let keepalive = socket2::TcpKeepalive::new().with_time(SILENCE);
    #[cfg(any(target_os = "android", target_os = "freebsd", target_os = "linux", target_vendor = "apple"))]
    let keepalive = keepalive.with_interval(SILENCE).with_retries(9);
    let _ = stream.set_tcp_keepalive(&keepalive);
}

/// There are no sockets, but the protocol without I/O can be used.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(super) fn set_up<S>(_stream: S) {}
