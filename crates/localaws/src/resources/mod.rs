//! Resource types: one set of handlers for CloudFormation and Cloud Control.
