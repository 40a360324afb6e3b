//! What is said of cases that were played: to people, to programs, to CI.

mod json;
mod junit;
mod play;
mod suites;
mod text;
mod watch;

use cases::{Coverage, Fault, Run, Workflow};

pub use json::json;
pub use junit::junit;
pub use play::play;
pub use suites::{shipped, suites};
pub use text::text;
pub use watch::Watch;

/// All that was played.
#[derive(Debug)]
pub struct Report {
    /// A workflow each.
    pub suites: Vec<Played>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// Whether all cases were played, so that gaps mean something.
    pub whole: bool,
}

/// A workflow whose cases were played.
#[derive(Debug)]
pub struct Played {
    /// The workflow.
    pub workflow: Workflow,
    /// Its cases.
    pub runs: Vec<Run>,
    /// All parts of its definition.
    pub possible: Coverage,
    /// Those that no case tried.
    pub gaps: Coverage,
}

impl Played {
    /// Adds up what the cases of a workflow tried.
    pub fn new(workflow: Workflow, runs: Vec<Run>) -> Self {
        let possible = Coverage::possible(&workflow.definition);
        let mut tried = Coverage::default();
        for run in &runs {
            tried.add(&run.coverage);
        }
        Self {
            gaps: possible.without(&tried),
            possible,
            runs,
            workflow,
        }
    }

    /// The four kinds of parts, with how many there are and the gaps as people read them.
    fn kinds(&self) -> [(&'static str, usize, Vec<String>); 4] {
        let (all, gaps) = (&self.possible, &self.gaps);
        fn said<T: ToString>(gaps: impl IntoIterator<Item = T>) -> Vec<String> {
            gaps.into_iter().map(|gap| gap.to_string()).collect()
        }
        [
            ("states", all.states.len(), said(&gaps.states)),
            ("transitions", all.ways.len(), said(&gaps.ways)),
            ("retries", all.retries.len(), said(&gaps.retries)),
            ("catches", all.catches.len(), said(&gaps.catches)),
        ]
    }
}

impl Report {
    /// All cases.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.suites.iter().flat_map(|suite| &suite.runs)
    }

    /// How many did not pass.
    pub fn failed(&self) -> usize {
        self.runs().filter(|run| !run.passed()).count()
    }

    /// Whether a part of a definition was not tried.
    pub fn has_gaps(&self) -> bool {
        self.whole && self.suites.iter().any(|suite| !suite.gaps.is_empty())
    }
}
