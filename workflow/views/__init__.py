"""The pages around a case: lists, the case itself, its dates, its trail."""
