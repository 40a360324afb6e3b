//! Drift detection end to end: the served local AWS, the real functions, the program, and changes
//! made with the AWS CLI.

mod case;
mod direct;
mod parts;
mod real_templates;
