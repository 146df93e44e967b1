//! The machine on which it ran.

use std::fs;
use std::process::Command;

pub fn describe() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = cpus.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let model = field("model name").or_else(|| field("Hardware")).unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let virtual_machine =
        if field("flags").is_some_and(|flags| flags.contains("hypervisor")) { ", virtual" } else { "" };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{model}, {count} cores{virtual_machine}, {} {}", std::env::consts::OS, kernel.trim())
}

pub fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    output.ok().and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default().trim().to_owned()
}
