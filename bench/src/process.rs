//! What a process has used, as Linux tells it.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};

/// Returns the CPU time that this process has used so far, to the nanosecond. It must have one thread only.
///
/// # Errors
/// When the system does not tell.
pub fn cpu() -> Result<Duration> {
    // The kernel adds up what a running thread has used when it ticks, and when a thread offers to pause.
    std::thread::yield_now();
    let path = "/proc/self/schedstat";
    let text = fs::read_to_string(path).with_context(|| format!("reading {path}"))?;
    let first = text.split_whitespace().next().with_context(|| format!("{path} is empty"))?;
    Ok(Duration::from_nanos(first.parse().with_context(|| format!("reading {path}"))?))
}

/// Returns the most memory in KiB that a process has held at once; `None` when it is gone.
pub fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
