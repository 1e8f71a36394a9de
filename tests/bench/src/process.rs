//! What a process has used, as Linux tells it in `/proc`.

use std::fs;
use std::time::{Duration, Instant};

/// Ticks of a processor in a second, as `/proc/PID/stat` counts them: 100 on every Linux that people run (`USER_HZ`).
const TICKS_PER_SECOND: f64 = 100.0;
/// How often a process is looked at while it comes to rest.
const LOOK: Duration = Duration::from_millis(50);
/// Looks in a row that must find nothing new: longer than a recorder waits to fill a batch.
const QUIET_LOOKS: u32 = 4;
/// A process that works on for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a process has used since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Processor time in ticks, user and system.
    pub(crate) ticks: u64,
    /// Bytes sent to the disk.
    pub(crate) written: u64,
}

/// Memory that is resident, in KB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) most: u64,
}

impl Usage {
    /// # Errors
    /// If the process has ended, or this is not Linux.
    pub(crate) fn of(pid: u32) -> Result<Self, String> {
        let ticks = ticks(&read(pid, "stat")?).ok_or("/proc/PID/stat cannot be read")?;
        let written = field(&read(pid, "io")?, "write_bytes").ok_or("/proc/PID/io cannot be read")?;
        Ok(Self { ticks, written })
    }

    /// What was used since `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self { ticks: self.ticks - before.ticks, written: self.written.saturating_sub(before.written) }
    }

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { ticks: self.ticks + other.ticks, written: self.written + other.written }
    }

    /// Processor time in microseconds.
    pub(crate) fn cpu_us(self) -> f64 {
        self.ticks as f64 / TICKS_PER_SECOND * 1e6
    }
}

impl Memory {
    /// # Errors
    /// If the process has ended, or this is not Linux.
    pub(crate) fn of(pid: u32) -> Result<Self, String> {
        let status = read(pid, "status")?;
        let found = field(&status, "VmRSS").zip(field(&status, "VmHWM"));
        let (now, most) = found.ok_or("/proc/PID/status cannot be read")?;
        Ok(Self { now, most })
    }
}

/// Waits until the process uses no processor and writes nothing, so that work behind an answer is counted with it.
///
/// # Errors
/// If the process has ended.
pub(crate) async fn rest(pid: u32) -> Result<Usage, String> {
    let began = Instant::now();
    let mut usage = Usage::of(pid)?;
    let mut quiet = 0;
    while quiet < QUIET_LOOKS {
        if began.elapsed() > PATIENCE {
            eprintln!(
                "process {pid} is still at work after {} s; its figures miss what it does now",
                PATIENCE.as_secs()
            );
            break;
        }
        tokio::time::sleep(LOOK).await;
        let now = Usage::of(pid)?;
        quiet = if now == usage { quiet + 1 } else { 0 };
        usage = now;
    }
    Ok(usage)
}

fn read(pid: u32, name: &str) -> Result<String, String> {
    let path = format!("/proc/{pid}/{name}");
    fs::read_to_string(&path).map_err(|error| format!("{path}: {error}; the bench needs Linux and a server that runs"))
}

/// `utime` and `stime` of `/proc/PID/stat`. The name of the program, in parentheses, may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11).map(str::parse::<u64>);
    Some(fields.next()?.ok()? + fields.next()?.ok()?)
}

/// The number in a line like `VmRSS:     1234 kB`.
fn field(lines: &str, name: &str) -> Option<u64> {
    let value = lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_ticks_of_a_program_with_an_odd_name() {
        let stat = "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 1000 0 3 0 171 29 5 7 20 0 4 0 12345 1000000 500";
        assert_eq!(ticks(stat), Some(200));
        assert_eq!(ticks("4242 (cut off"), None);
    }

    #[test]
    fn finds_a_field_by_its_whole_name() {
        let io = "rchar: 5\nwchar: 6\nwrite_bytes: 4096\ncancelled_write_bytes: 1\n";
        assert_eq!(field(io, "write_bytes"), Some(4096));
        assert_eq!(field("VmHWM:\t   72200 kB\nVmRSS:\t   70100 kB\n", "VmRSS"), Some(70100));
        assert_eq!(field(io, "write"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_can_be_read() {
        let memory = Memory::of(std::process::id()).expect("it runs");
        assert!(memory.now > 0 && memory.most >= memory.now);
        Usage::of(std::process::id()).expect("it runs");
    }
}
