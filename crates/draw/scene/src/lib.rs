//! Shapes, icons and text of a placed diagram.
