//! How a run is left before its end: the exit code says it, and the way back is named.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use harness::House;

#[test]
fn a_run_that_is_left_goes_on() {
    // Real time: a detection takes its five seconds, so the run is still going on.
    let house = House::start(&["--memory"]);
    house.footwork_json(&["deploy", "drift-detection", "--local"]);

    let left = house.footwork(&["run", "drift-detection", "--local", "--timeout", "100ms"]);
    let said = String::from_utf8(left.stderr).unwrap();
    assert_eq!(left.status.code(), Some(3), "{said}");
    let (_, back) = said.rsplit_once("watch it: footwork ").unwrap();

    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut command = house.command(&["run", "drift-detection", "--local"]);
        let mut running = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
        let started = lines.find(|line| line.as_ref().unwrap().contains(":execution:"));
        assert!(started.is_some());
        let id = running.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let said: Vec<_> = lines.map(Result::unwrap).collect();
        assert_eq!(running.wait().unwrap().code(), Some(code), "{said:?}");
        assert!(
            said.iter().any(|line| line.contains("the run goes on")),
            "{said:?}"
        );
    }

    let back: Vec<_> = back.split_whitespace().collect();
    let ended = house.footwork(&back);
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(
        ended.status.success() && said.contains("succeeded"),
        "{said}"
    );
}
