//! Sizes of tasks: how they are written, and the pairs that Fargate offers.
//!
//! "Task CPU and memory" in the ECS developer guide.

/// CPU units or MiB of a size as people write it: `256`, `.25 vCPU`, `2GB`.
pub(in crate::ecs) fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let unit = unit.to_ascii_lowercase();
    if unit != "vcpu" && unit != "gb" {
        return None;
    }
    let number: f64 = number.trim().parse().ok()?;
    let whole = number * 1024.0;
    (whole > 0.0 && whole < 1e9).then_some(whole.round() as u64)
}

/// What ECS says of a pair that Fargate does not offer.
pub(in crate::ecs) fn no_such_size(cpu: u64, memory: u64) -> Option<String> {
    (!fits(cpu, memory)).then(|| {
        format!(
            "No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. See \
             the Amazon ECS documentation for the valid values."
        )
    })
}

/// Whether Fargate offers tasks of so many CPU units and MiB.
fn fits(cpu: u64, memory: u64) -> bool {
    let (from, to, step) = match cpu {
        256 => return [512, 1024, 2048].contains(&memory),
        512 => (1, 4, 1),
        1024 => (2, 8, 1),
        2048 => (4, 16, 1),
        4096 => (8, 30, 1),
        8192 => (16, 60, 4),
        16384 => (32, 120, 8),
        _ => return false,
    };
    let gigabytes = memory / 1024;
    memory.is_multiple_of(1024)
        && (from..=to).contains(&gigabytes)
        && gigabytes.is_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, wanted) in [
            ("256", Some(256)),
            (".25 vCPU", Some(256)),
            ("4vcpu", Some(4096)),
            ("0.5GB", Some(512)),
            ("30 GB", Some(30720)),
            ("many", None),
            ("1 MB", None),
        ] {
            assert_eq!(size(text), wanted, "{text}");
        }
        for (cpu, memory, fit) in [
            (256, 512, true),
            (256, 3072, false),
            (512, 512, false),
            (1024, 8192, true),
            (4096, 31744, false),
            (8192, 20480, true),
            (8192, 17408, false),
            (16384, 122_880, true),
            (300, 512, false),
        ] {
            assert_eq!(fits(cpu, memory), fit, "{cpu} {memory}");
        }
    }
}
