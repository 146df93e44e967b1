//! TCP connections, set up as Go does it.

use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

/// How long a peer may be silent before it is asked whether it is there, and how long until it is asked again (R67).
const SILENCE: Duration = Duration::from_secs(15);

/// What is written goes out at once, and a peer that vanishes without a word is noticed after some minutes. A connection
/// for which this cannot be set is over, or tells so later: Go does not look at the errors either.
pub(super) fn set_up<'s>(stream: impl Into<SockRef<'s>>) {
    let stream = stream.into();
    let _ = stream.set_tcp_nodelay(true);
    let keepalive = TcpKeepalive::new().with_time(SILENCE);
    #[cfg(any(target_os = "android", target_os = "freebsd", target_os = "linux", target_vendor = "apple"))]
    let keepalive = keepalive.with_interval(SILENCE).with_retries(9);
    let _ = stream.set_tcp_keepalive(&keepalive);
}
