//! SVG, PNG, WebP, PDF and mxGraph out of a scene; JSON out of a blueprint.
