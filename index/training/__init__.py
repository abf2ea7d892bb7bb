"""Which weights are best?  Learning and calibration over collections."""
