"""The clocks of a case, and the calendar they are counted with."""
