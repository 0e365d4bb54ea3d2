//! Measuring: the same code paths as in service, larger parameters, medians over several runs.

pub(crate) mod clear;
pub(crate) mod day;
pub(crate) mod engine;
pub(crate) mod fx;
pub(crate) mod iso;
pub(crate) mod journal;
pub(crate) mod memory;
pub(crate) mod offset;
pub(crate) mod union;
pub(crate) mod verify;
mod world;

/// A measured figure.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) runs: usize,
    /// What it stands beside.
    pub(crate) note: String,
}

impl Figure {
    /// From the runs' values, in any order.
    pub(crate) fn of(name: &str, unit: &'static str, mut values: Vec<f64>, note: impl Into<String>) -> Self {
        values.sort_by(f64::total_cmp);
        let median = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
        Self {
            name: name.into(),
            unit,
            median,
            min: values.first().copied().unwrap_or(f64::NAN),
            max: values.last().copied().unwrap_or(f64::NAN),
            runs: values.len(),
            note: note.into(),
        }
    }
}

/// A figure for people: three significant digits, thousands separated.
pub(crate) fn shown(value: f64) -> String {
    if !value.is_finite() {
        return "-".into();
    }
    if value >= 1000.0 {
        // Figures are far below 2^53, so the conversion is exact.
        return crate::output::count(value.round() as u64);
    }
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// The machine: processor, cores, memory, system.
pub(crate) fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .and_then(|line| line.split_once(':'))
            .map(|(_, value)| value.trim().to_string())
            .unwrap_or_default()
    };
    let cpu = field(&read("/proc/cpuinfo"), "model name");
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cpu}, {cores} cores, memory {memory}, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// Time spent by this thread on a processor, where the system tells; otherwise the wall clock. Single-threaded figures
/// use it, so that other work on the machine does not count.
pub(crate) struct CpuClock {
    started: std::time::Instant,
    on_cpu_ns: Option<u64>,
}

impl CpuClock {
    pub(crate) fn start() -> Self {
        Self { started: std::time::Instant::now(), on_cpu_ns: on_cpu_ns() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        match (self.on_cpu_ns, on_cpu_ns()) {
            (Some(before), Some(now)) if now > before => (now - before) as f64 / 1e9,
            _ => self.started.elapsed().as_secs_f64(),
        }
    }
}

/// Linux: the first figure of the thread's scheduling statistics.
fn on_cpu_ns() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

/// Resident memory of this process in bytes; zero where the system does not tell.
pub(crate) fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|value| value.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .map_or(0, |kib| kib * 1024)
}
