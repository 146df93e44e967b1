//! The tokio runtime of the verbs that need one.

use crate::error::{Error, Result};

/// Runs a future to its end.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::data(format_args!("cannot start the runtime: {error}")))?;
    let result = runtime.block_on(future);
    // A read of stdin that is still waiting must not keep the command alive.
    runtime.shutdown_background();
    result
}
