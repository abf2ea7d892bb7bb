"""Is everything in order? Findings, each with its fix."""
