//! ECR.

pub(super) mod repository;
