"""Is all well?  Findings, each with the mend."""
