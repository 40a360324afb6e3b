//! What a parsed machine as a whole says about itself: facts and faults that no single field shows.

mod variables;
