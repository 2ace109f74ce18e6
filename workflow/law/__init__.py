"""The law as values: instruments, duties, time limits, readings and working days. No Django."""
