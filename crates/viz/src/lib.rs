//! Pictures and reports as plain SVG and HTML.
