//! The standards' own vectors, and what must never verify.

mod canonical;
mod merkle;
mod trail;
mod vectors;
