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
    status(process, "VmHWM:")
}

/// Returns the memory in KiB that a process holds now; `None` when it is gone.
pub fn held(process: u32) -> Option<u64> {
    status(process, "VmRSS:")
}

/// Returns the processes that a process has started, and those that they have started.
pub fn descendants(process: u32) -> Vec<u32> {
    let mut found = children(process);
    let mut next = 0;
    while let Some(one) = found.get(next).copied() {
        found.extend(children(one));
        next += 1;
    }
    found
}

/// Returns the children of all threads of a process.
fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().filter_map(Result::ok);
    let texts = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    texts.flat_map(|text| text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

fn status(process: u32, line: &str) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let found = status.lines().find_map(|text| text.strip_prefix(line))?;
    found.trim().strip_suffix(" kB")?.trim().parse().ok()
}
