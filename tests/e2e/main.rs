//! The window, driven as a person drives it.
