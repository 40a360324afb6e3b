//! The sizes of tasks that Fargate offers ("Task CPU and memory" in the ECS developer guide).

use serde_json::Value;

use super::wanted::Wanted;

/// CPU units, and the MiB that go with them: from, to, step.
const OFFERED: [(u64, u64, u64, u64); 8] = [
    (256, 512, 1024, 512),
    (256, 2048, 2048, 1024),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16_384, 1024),
    (4096, 8192, 30_720, 1024),
    (8192, 16_384, 61_440, 4096),
    (16_384, 32_768, 122_880, 8192),
];

/// A size that the run asks for must be one that Fargate offers, with what the task definition says
/// of the other.
pub(super) fn check(definition: &Value, wanted: &Wanted, faults: &mut Vec<String>) {
    if wanted.cpu.is_none() && wanted.memory.is_none() {
        return;
    }
    let deployed = |name: &str| definition[name].as_str().and_then(|size| size.parse().ok());
    let cpu = wanted.cpu.or_else(|| deployed("cpu"));
    let memory = wanted.memory.or_else(|| deployed("memory"));
    let (Some(cpu), Some(memory)) = (cpu, memory) else {
        return faults.push(
            "`cpu` and `memory` must both be given, since the task definition has not both".into(),
        );
    };
    let amounts: Vec<_> = OFFERED.iter().filter(|(units, ..)| *units == cpu).collect();
    if amounts.is_empty() {
        let offered = "256, 512, 1024, 2048, 4096, 8192 and 16384";
        return faults.push(format!("Fargate offers no {cpu} CPU units, but {offered}"));
    }
    let fits = |(_, from, to, step): &&(u64, u64, u64, u64)| {
        (*from..=*to).contains(&memory) && (memory - from) % step == 0
    };
    if !amounts.iter().any(fits) {
        let words: Vec<_> = amounts
            .iter()
            .map(|(_, from, to, step)| match from == to {
                true => format!("{from}"),
                false => format!("{from} to {to} in steps of {step}"),
            })
            .collect();
        faults.push(format!(
            "Fargate does not offer {memory} MiB with {cpu} CPU units, but {}",
            words.join(", or ")
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::tests::{definition, wanted};

    #[test]
    fn pairs() {
        for (cpu, memory, fine) in [
            (256, 512, true),
            (256, 1024, true),
            (256, 1536, false),
            (256, 2048, true),
            (512, 512, false),
            (4096, 30_720, true),
            (4096, 31_744, false),
            (8192, 20_480, true),
            (8192, 17_408, false),
            (16_384, 122_880, true),
            (300, 512, false),
        ] {
            let mut faults = Vec::new();
            let mut wanted = wanted();
            (wanted.cpu, wanted.memory) = (Some(cpu), Some(memory));
            check(&definition(), &wanted, &mut faults);
            assert_eq!(faults.is_empty(), fine, "{cpu} {memory}: {faults:?}");
        }
    }

    #[test]
    fn the_other_half_comes_from_the_task_definition() {
        let mut faults = Vec::new();
        let mut wanted = wanted();
        wanted.memory = Some(4096);
        check(&definition(), &wanted, &mut faults);
        let said = "Fargate does not offer 4096 MiB with 256 CPU units, but 512 to 1024 in steps of 512, or 2048";
        assert_eq!(faults, [said]);
    }
}
