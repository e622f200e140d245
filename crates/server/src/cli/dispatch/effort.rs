//! What a piece of work cost this process: time on the clock, time on a core, memory above what was there before.

use std::time::Instant;

/// Taken before the work; figures that only Linux tells are missing elsewhere.
pub(super) struct Effort {
    begun: Instant,
    cpu: Option<f64>,
    resident: Option<f64>,
}

pub(super) struct Spent {
    pub(super) seconds: f64,
    pub(super) cpu_seconds: Option<f64>,
    pub(super) peak_mib: Option<f64>,
}

impl Effort {
    pub(super) fn begin() -> Self {
        // Sets the peak back to what is resident now.
        std::fs::write("/proc/self/clear_refs", "5").ok();
        Self { resident: status("VmRSS:"), cpu: cpu_seconds(), begun: Instant::now() }
    }

    pub(super) fn spent(&self) -> Spent {
        let seconds = self.begun.elapsed().as_secs_f64();
        let cpu_seconds = cpu_seconds().zip(self.cpu).map(|(after, before)| after - before);
        let peak_mib = status("VmHWM:").zip(self.resident).map(|(peak, resident)| peak - resident);
        Spent { seconds, cpu_seconds, peak_mib }
    }
}

/// A line of the process's status, in MiB.
fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// Time that this thread was on a core, in user and kernel.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = stat.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
