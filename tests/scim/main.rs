//! The protocol library as other packages see it: tables of cases, properties, and input that is out to do harm.

mod bodies;
mod filters;
mod hostile;
mod patching;
mod support;
